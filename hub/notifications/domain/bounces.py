"""Mail that was taken and came back: reads what mail servers write then (RFC 3464), and notes it.

A report is believed if it names a mail of ours by its Message-ID, which only its reader was sent.
"""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast
from uuid import UUID

from hub.notifications.enums import DeliveryState
from hub.notifications.models import Delivery

NAME = re.compile(r"<mail\.([0-9a-f]{32})@")
MOST_READ = 200_000  # bytes: what a report says stands at its beginning, after it comes the mail itself


def record(raw: bytes) -> Delivery | None:
    """Note that a mail came back, by the report `raw`; None if it is no such report, or of no mail of ours.

    "Delayed" is no failure: the mail server goes on trying, and says so.
    """
    report = message_from_bytes(raw[:MOST_READ], policy=policy.default)
    said = _failure(report)
    found = NAME.search(raw[:MOST_READ].decode("ascii", errors="replace"))
    if said is None or found is None:
        return None
    delivery = Delivery.objects.filter(message_id=UUID(found[1])).first()
    if delivery is not None:
        delivery.state, delivery.reason = DeliveryState.FAILED, f"It came back: {said}"[:500]
        delivery.save(update_fields=["state", "reason"])
    return delivery


def _failure(report: EmailMessage) -> str | None:
    """What the report says about the address that failed; None if nothing failed."""
    for part in report.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for fields in cast(list[EmailMessage], part.get_payload()):  # one for the report, then one for each address
            if str(fields.get("Action", "")).strip().lower() == "failed":
                said = fields.get("Diagnostic-Code") or fields.get("Status") or "no reason given"
                return " ".join(str(said).split())
    return None

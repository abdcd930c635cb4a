"""What sessions of the demo community came to, and what its people will try."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from hub.demo.domain import content
from hub.demo.domain.pages import PREFIX
from hub.members.models import MemberProfile
from roundtables.domain.takeaways import DAYS_TO_CHECK, there
from roundtables.enums import TakeawayState
from roundtables.models import Commitment, SessionPage, Takeaway


def load_takeaways(today: date) -> int:
    """Takeaways and commitments of sessions that have none; returns how many. Nobody is told of what is made up."""
    made, now = 0, timezone.now()
    for row in content.rows("takeaways.yaml"):
        source = f"{PREFIX}sessions/{row['session']}.md"
        session = SessionPage.objects.filter(source_path=source, ends_at__lt=now).first()
        if session is None or session.takeaways.exists():
            continue
        present = there(session).count()
        for said in row["takeaways"]:
            is_published = said["state"] == TakeawayState.PUBLISHED
            Takeaway.objects.create(
                session=session,
                statement=said["statement"],
                detail=said["detail"],
                state=said["state"],
                check_until=None if is_published else now + DAYS_TO_CHECK / 2,
                published_at=now - timedelta(days=3) if is_published else None,
                present=present if is_published else None,
                confirmed=present - said.get("not_confirmed", 0) if is_published else None,
            )
            made += 1
        for will in row.get("commitments", []):
            outcome = will.get("outcome", "")
            Commitment.objects.create(
                session=session,
                profile=MemberProfile.objects.get(slug=will["person"]),
                text=will["text"],
                due_on=content.day(will["due"], today) or today,
                is_shared=content.is_true(will["shared"]),
                outcome=outcome,
                words=will.get("words", ""),
                answered_at=now if outcome else None,
            )
    return made

"""The news that seats and reviews make."""

from __future__ import annotations

from hub.notifications.enums import Timing
from hub.notifications.registry import Kind, register

NAMED = "you are named on the page, write it, or review it"

INVITED = register(
    Kind("editorial.invited", "somebody asks me to write or review a page", "somebody asked for you", Timing.AT_ONCE)
)
SEAT_TAKEN = register(
    Kind("editorial.seat_taken", "somebody I asked takes their seat on a page", "you asked for somebody")
)
REVIEW_ASKED = register(
    Kind(
        "editorial.review_asked",
        "a page waits for my review",
        "you are asked to review the page",
        Timing.AT_ONCE,
    )
)
HANDED_IN = register(Kind("editorial.handed_in", "a page that names me is handed in for review", NAMED))
CHANGES_REQUESTED = register(Kind("editorial.changes_requested", "a reviewer asks for changes", NAMED, Timing.AT_ONCE))
PUBLISHED = register(Kind("editorial.published", "a page is approved and published", NAMED))
REVIEW_ENDED = register(Kind("editorial.review_ended", "a review ends without a decision", NAMED))
REMARKED = register(Kind("editorial.remarked", "somebody remarks on a text", NAMED, Timing.AT_ONCE))

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
SEAT_ENDED = register(Kind("editorial.seat_ended", "a seat of mine on a page ends", "you held that seat"))
RESPONSIBLE = register(
    Kind("editorial.responsible", "somebody else becomes responsible for a page", "you were, or you are now")
)
LEADS = register(Kind("editorial.leads", "somebody gives me a section to lead", "you lead that section now"))
EXTERNAL_SAID = register(
    Kind("editorial.external_said", "an external reviewer remarks on a page", "you write the page, or you asked them")
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
UPKEEP = register(
    Kind(
        "editorial.upkeep",
        "a page I look after has to be verified, or needs an edit",
        "you look after the page, wrote it, or are next in turn",
        Timing.DAILY,  # a nightly run can ask about many pages: they come in one mail
    )
)
MENTIONED = register(
    Kind("editorial.mentioned", "somebody mentions me in a remark", "you hold a seat on the page", Timing.AT_ONCE)
)
VOTED = register(Kind("editorial.voted", "a reviewer approves, and others still have to", NAMED))
HANDED_OVER = register(
    Kind("editorial.handed_over", "somebody asks me to review in their place", "somebody asked for you", Timing.AT_ONCE)
)
APPROVAL_VOIDED = register(
    Kind(
        "editorial.approval_voided",
        "a text I approved is changed before it is published",
        "you approved the text",
        Timing.AT_ONCE,
    )
)
REVIEW_DUE = register(
    Kind("editorial.review_due", "a review that waits for me is due", "you were asked to review", Timing.AT_ONCE)
)
REVIEW_OVERDUE = register(
    Kind("editorial.review_overdue", "nobody reviews a page in time (staff)", "you are staff", Timing.AT_ONCE)
)

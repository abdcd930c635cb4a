"""Who may review a page, and who may approve the text that lies there now: nobody their own.

"Their own" is the text of its creator, of everybody with a co-author's seat (also one that ended since the
page was last published), of everybody named as its author, and of whoever changed it last. The first three
may not review the page at all; the last one may ask for changes but not approve. An administrator of the
machine is held to it like everybody else.
"""

from __future__ import annotations

from typing import Any

from wagtail.models import PageLogEntry, Revision

from hub.accounts.enums import Role
from hub.accounts.models import User
from hub.accounts.rules import role_of
from hub.editorial.enums import BylineRole
from hub.pages.enums import PageSeatRole
from hub.pages.models import BasePage, PageSeat

GIVEN_UP = ("hub.seat.ended", "hub.page.handed_over")  # log entries that say whose text the page was


def is_author(page_id: int, user: Any) -> bool:
    """Whether the page is this person's own: made by them, co-authored by them, or naming them as its author."""
    if user is None:
        return False
    if BasePage.objects.filter(pk=page_id, owner_id=user.pk).exists():
        return True
    if PageSeat.ever.filter(page_id=page_id, user_id=user.pk, role=PageSeatRole.CO_AUTHOR).exists():
        return True
    if was_author(page_id, user):
        return True
    profile = getattr(user, "profile", None)
    return profile is not None and profile.pk in named_authors(page_id)


def was_author(page_id: int, user: Any) -> bool:
    """Whether they held a co-author's seat on the page, or answered for it, since it was last published.

    Who gives their page or their seat away does not become somebody else: what lies there is still theirs.
    """
    given_up = PageLogEntry.objects.filter(page_id=page_id, action__in=GIVEN_UP, data__author=user.pk)
    published = BasePage.objects.filter(pk=page_id).values_list("last_published_at", flat=True).first()
    return (given_up.filter(timestamp__gt=published) if published else given_up).exists()


def named_authors(page_id: int) -> set[int]:
    """Profiles named as authors of the page, in the published text or in the newest draft of it."""
    page = BasePage.objects.filter(pk=page_id).select_related("latest_revision").first()
    if page is None:
        return set()
    found = set(page.bylines.filter(role=BylineRole.AUTHOR, person__isnull=False).values_list("person_id", flat=True))
    content = page.latest_revision.content if page.latest_revision else {}
    for byline in content.get("bylines", []):
        if byline.get("role") == BylineRole.AUTHOR and byline.get("person"):
            found.add(byline["person"])
    return found


def is_reviewer(page_id: int, user: Any, task: Any = None) -> bool:
    """Whether somebody asked this person to review: staff always, whoever holds a reviewer's seat, and those whom
    `task` (a PeerReviewTask) names, themselves or by their group."""
    if user is None or not user.is_active:
        return False
    if role_of(user) >= Role.STAFF:
        return True
    if PageSeat.objects.filter(page_id=page_id, user_id=user.pk, role=PageSeatRole.REVIEWER).exists():
        return True
    if task is None:
        return False
    named: bool = task.people.filter(pk=user.pk).exists() or task.groups.filter(user=user.pk).exists()
    return named


def may_review(page_id: int, user: Any, task: Any = None) -> bool:
    """Whether this person may act on a review of the page (ask for changes, at least)."""
    return is_reviewer(page_id, user, task) and not is_author(page_id, user)


def changed_last(revision: Revision | None, user: Any) -> bool:
    """Whether `revision` is text that this person saved."""
    return revision is not None and user is not None and revision.user_id == user.pk


def why_not_approve(page_id: int, revision: Revision | None, user: Any) -> str:
    """The sentence that says why this person may not approve `revision`; empty when they may."""
    if user is None:
        return ""  # approvals without an account are asked about below; the quorum is asked for in any case
    if is_author(page_id, user):
        return "This page is your own. Somebody else has to read and approve it."
    if changed_last(revision, user):
        return "You changed this text last, so somebody else has to approve it. You may still ask for changes."
    return ""


def why_not_external(page_id: int, revision: Revision, external: Any, *, approve: bool) -> str:
    """The sentence that says why this external reviewer (an ExternalReview) may not decide about `revision`.

    They decide about the one text they were shown, while their link opens. Who has an account besides is held
    to what holds for that account.
    """
    if not external.is_open or external.page_id != page_id:
        return "This link has ended. Ask whoever sent it for a new one."
    if external.revision_id != revision.pk:
        return "The text was changed since this link was made. Ask whoever sent it for a link to the new one."
    if approve and not external.may_approve:
        return "You were asked for remarks on this page. Others approve it."
    account = User.objects.filter(email=external.email.lower()).first()
    return why_not_approve(page_id, revision, account)

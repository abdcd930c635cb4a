"""The texts a page has had: naming one, keeping what was typed in vain, and what is new since somebody last looked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from wagtail.log_actions import log
from wagtail.models import Revision

from hub.accounts.models import User
from hub.editorial.models import KeptText, Look, Milestone
from hub.kernel.errors import HubError
from hub.pages.models import BasePage

JUST_BEFORE = timedelta(microseconds=1)


class MilestoneError(HubError):
    """This text cannot be given this name; the message says why."""


@transaction.atomic
def name_text(page: BasePage, *, name: str, by: User) -> Milestone:
    """Give the newest text of `page` a name. It stays as it is from now on, and the page's history tells its name."""
    if not page.permissions_for_user(by).can_change_text():
        raise PermissionDenied
    name = " ".join(name.split())[:120]
    revision = page.get_latest_revision()
    if not name:
        raise MilestoneError("Give the text a name, such as “As the board read it”.")
    if revision is None:
        raise MilestoneError("There is no text yet. Save the page first.")
    named = Milestone.objects.filter(revision=revision).first()
    if named is not None:
        raise MilestoneError(f"This text has a name already: “{named}”. Change the text, then name it again.")
    if page.milestones.filter(name__iexact=name).exists():
        raise MilestoneError(f"Another text of this page is called “{name}”. Choose another name.")
    milestone = Milestone.objects.create(page=page, revision=revision, name=name, named_by=by)
    log(instance=page.specific, action="hub.text.named", user=by, revision=revision, data={"name": name})
    return milestone


@transaction.atomic
def keep_typed(text: BasePage, *, by: User, window: str) -> Revision | None:
    """Keep `text`, a page as it was typed, beside the newest text; the page itself stays what it is.

    `window` tells one window of the editor from another. Side effects: the history says so, once for each window.
    """
    newest = Revision.objects.filter(pk=text.latest_revision_id).first()
    if newest is None:
        return None
    known = KeptText.objects.filter(page_id=text.pk, user_id=by.pk, window=window).select_related("revision").first()
    if known is not None:
        revision = known.revision
        revision.content, revision.object_str = text.serializable_data(), str(text)
        revision.save(update_fields=["content", "object_str"])
        return revision
    revision = Revision.objects.create(
        content_object=text,
        base_content_type=text.get_base_content_type(),
        user=by,
        content=text.serializable_data(),
        object_str=str(text),
        # Wagtail takes the revision of the latest time for the newest text.
        created_at=newest.created_at - JUST_BEFORE,
    )
    KeptText.objects.create(page_id=text.pk, revision=revision, user=by, window=window)
    log(instance=text, action="hub.text.kept", user=by, revision=revision)
    return revision


@dataclass(frozen=True, slots=True)
class Since:
    """What others did to a text since somebody looked: the text known then, and who changed it."""

    before: Revision
    people: Sequence[User]


@transaction.atomic
def look(page: BasePage, user: User) -> Since | None:
    """`user` has the newest text on their screen. What others changed since they last had, if anything."""
    newest = page.latest_revision
    if newest is None:
        return None
    seen, is_new = Look.objects.get_or_create(page_id=page.pk, user_id=user.pk, defaults={"revision": newest})
    if is_new or seen.revision is None or seen.revision_id == newest.pk:
        if seen.revision is None:
            _remember(seen, newest)
        return None
    later = Revision.objects.for_instance(page).filter(created_at__gt=seen.revision.created_at, kept_text=None)
    authors = later.exclude(user_id=user.pk).exclude(user=None).values("user_id")
    people = list(User.objects.filter(pk__in=authors).order_by("pk"))
    before = seen.revision
    if people:
        seen.before = before
    _remember(seen, newest)
    return Since(before, people) if people else None


def saw_own_text(page: BasePage, user: User) -> None:
    """`user` saved the newest text of `page`, knowing the one before."""
    Look.objects.update_or_create(page_id=page.pk, user_id=user.pk, defaults={"revision_id": page.latest_revision_id})


def known_before(page: BasePage, user: User) -> int | None:
    """The number of the text that `user` knew before others last changed it; None, if nobody did."""
    seen = Look.objects.filter(page_id=page.pk, user_id=user.pk).first()
    return seen.before_id if seen is not None and seen.before_id != page.latest_revision_id else None


def is_to_stay(revision: Revision, saver: Any) -> bool:
    """Whether autosave must leave a text alone: it has a name, or somebody else has read it as it is."""
    return (
        Milestone.objects.filter(revision_id=revision.pk).exists()
        or Look.objects.filter(Q(revision_id=revision.pk) | Q(before_id=revision.pk))
        .exclude(user_id=int(getattr(saver, "pk", None) or 0))
        .exists()
    )


def _remember(seen: Look, newest: Revision) -> None:
    seen.revision = newest
    seen.save(update_fields=["revision", "before"])

"""What might be next: a topic that somebody who was there proposes, and the draft of a session it becomes."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.text import slugify

from hub.accounts.models import User
from hub.kernel.errors import HubError
from hub.pages.locks import lock_tree
from hub.pages.models import BasePage
from roundtables.domain import takeaway_news as news
from roundtables.domain.names import says_a_name
from roundtables.enums import FollowUpState
from roundtables.models import FollowUp, SessionPage
from roundtables.rules import may_check, may_keep, may_run

MOST = 3  # of one person after one session


class FollowUpRefused(HubError):
    """A topic cannot be proposed or answered like this; the message says why and what to do."""


@transaction.atomic
def propose(session: SessionPage, *, by: User, key: UUID, topic: str, why: str = "") -> FollowUp:
    """Propose to go on with `topic`. Side effects: those who run the session are told, not who proposed it."""
    if not may_check(session, by):
        raise PermissionDenied
    existing = FollowUp.objects.filter(key=key, proposed_by=by).first()
    if existing is not None:
        return existing
    topic = " ".join(topic.split())
    if not topic:
        raise FollowUpRefused("Say in a few words what you would go on with.")
    if FollowUp.objects.filter(session=session, proposed_by=by).count() >= MOST:
        raise FollowUpRefused("You proposed three topics already. Those who run the session will answer them.")
    if session.withholds_names and says_a_name(session, f"{topic}\n{why}", by=by):
        raise FollowUpRefused("This names somebody, or where they work. Say it without.")
    proposal = FollowUp.objects.create(
        key=key, session=session, proposed_by=by, topic=topic[:200], why=why.strip()[:1000]
    )
    news.follow_up_proposed(proposal)
    return proposal


@transaction.atomic
def make_draft(proposal: FollowUp, *, by: User) -> SessionPage:
    """Turn a topic into the draft of a session beside the one it follows, on the same terms; its day is still open.

    Side effects: a page that `by` works on, and whoever proposed the topic is told.
    """
    lock_tree()
    proposal = _open(proposal, by)
    before = proposal.session
    if not may_run(before, by):
        raise FollowUpRefused("To prepare a session you need a seat on this page. Ask whoever made it for one.")
    page = SessionPage(
        title=proposal.topic, live=False, has_unpublished_changes=True, owner=by, time_zone=before.time_zone,
        format=before.format, place=before.place, capacity=before.capacity, attribution_mode=before.attribution_mode,
        audience=before.audience,
    )  # fmt: skip
    parent = before.get_parent()
    page.slug = _free_slug(page, parent)
    parent.add_child(instance=page)
    page.topics.set(before.topics.all())
    page.save()
    page.save_revision(user=by, log_action="wagtail.create")
    proposal.state, proposal.draft = FollowUpState.DRAFTED, page
    proposal.save()
    news.follow_up_answered(proposal, by=by)
    return page


@transaction.atomic
def decline(proposal: FollowUp, *, by: User) -> None:
    """Say that there is no session on this for now. Side effects: whoever proposed it is told."""
    proposal = _open(proposal, by)
    proposal.state = FollowUpState.DECLINED
    proposal.save()
    news.follow_up_answered(proposal, by=by)


def _open(proposal: FollowUp, by: User) -> FollowUp:
    found = FollowUp.objects.select_for_update(of=("self",)).select_related("session").get(pk=proposal.pk)
    if not may_keep(found.session, by):
        raise PermissionDenied
    if found.state != FollowUpState.OPEN:
        raise FollowUpRefused("Somebody answered it already. Reload the page to see how.")
    return found


def _free_slug(page: SessionPage, parent: BasePage) -> str:
    stem, number = slugify(page.title)[:150] or "session", 1
    slug = stem
    while not SessionPage._slug_is_available(slug, parent, page):
        number += 1
        slug = f"{stem}-{number}"
    return slug

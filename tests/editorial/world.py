"""The people and pages that the tests of the editor share, and the forms its buttons post."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from hub.accounts.enums import Role
from hub.accounts.models import User
from hub.members.domain.roles import sync_roles
from hub.pages.enums import PageSeatRole
from hub.pages.models import PageSeat
from hub.practices.models import SECTIONS, PracticePage
from tests.factories import MemberProfileFactory, PracticePageFactory, UserFactory


def seat(page: Any, user: User, role: PageSeatRole = PageSeatRole.CO_AUTHOR, **fields: Any) -> PageSeat:
    return PageSeat.objects.update_or_create(page_id=page.pk, user=user, defaults={"role": role, **fields})[0]


def person(name: str, role: Role = Role.MEMBER) -> User:
    """Somebody with a profile; the address is made of the name."""
    email = f"{name.split()[0].lower()}@example.org"
    first, _, last = name.partition(" ")
    user = UserFactory(email=email, role=role, first_name=first, last_name=last)
    return MemberProfileFactory(user=user, name=name).user


def fresh(user: User) -> User:
    """The same account as the next request loads it, without the rights it remembers."""
    return User.objects.get(pk=user.pk)


def client_of(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


@dataclass
class World:
    """A draft with a co-author and a reviewer, a page they have nothing to do with, and everybody around."""

    draft: PracticePage
    other: PracticePage
    people: dict[str, User | None]

    def client(self, who: str) -> Client:
        return client_of(self.people[who])


def make_world() -> World:
    sync_roles()
    author, reviewer = person("Ada Author", Role.LEADER), person("Rea Reviewer", Role.LEADER)
    draft = PracticePageFactory(title="A draft of ours", live=False)
    other = PracticePageFactory(title="Secret of others", live=False)
    draft.save_revision(user=author)
    seat(draft, author)
    seat(draft, reviewer, PageSeatRole.REVIEWER)
    return World(
        draft=draft,
        other=other,
        people={
            "visitor": None,
            "member": person("Mel Member"),
            "author": author,
            "reviewer": reviewer,
            "staff": person("Stu Staff", Role.STAFF),
        },
    )


def current(page: Any) -> PracticePage:
    return PracticePage.objects.get(pk=page.pk)


def newest_text(page: Any) -> PracticePage:
    return current(page).get_latest_revision_as_object()


def edit_url(page: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def form_of(page: Any, *, remarks: list[dict[str, Any]] | None = None, **changes: Any) -> dict[str, Any]:
    """What the editor posts for a practice when nothing but `changes` was changed."""
    text = newest_text(page)
    data: dict[str, Any] = {
        "title": text.title,
        "slug": text.slug,
        "gist": text.gist,
        "audience": text.audience,
        "seo_title": text.seo_title,
        "search_description": text.search_description,
        **{name: streamfield([]) for name, _ in SECTIONS},
        "attachments": streamfield([]),
        "bylines": inline_formset([]),
        "related_links": inline_formset([]),
        "comments": inline_formset([{**remark, "replies": inline_formset([])} for remark in remarks or []]),
    }
    revision = current(page).latest_revision
    if revision is not None:
        data |= {
            "loaded_revision_id": revision.pk,
            "loaded_revision_created_at": revision.created_at.isoformat(),
        }
    return nested_form_data(data | changes)


def submit(client: Client, page: Any, **changes: Any) -> Any:
    return client.post(edit_url(page), form_of(page, **{"action-submit": "1"}, **changes))


def decide_in_editor(client: Client, page: Any, action: str = "approve", comment: str = "", **changes: Any) -> Any:
    """Press "Approve" or "Request changes" in the editor's footer."""
    data = form_of(
        page,
        **{
            "action-workflow-action": "true",
            "workflow-action-name": action,
            "workflow-action-extra-data": json.dumps({"comment": comment}),
        },
        **changes,
    )
    return client.post(edit_url(page), data)


def decide_on_dashboard(client: Client, page: Any, action: str = "approve", **data: Any) -> Any:
    state = current(page).current_workflow_task_state
    return client.post(reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk]), data)

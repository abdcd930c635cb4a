"""The contract of the editor: who × what × where a page stands × their own page and another one.

Every cell goes through Wagtail's real views. To add a state: one line in `STATES`. To add an action:
one in `doing`, one row in `TABLE`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from hub.accounts.enums import Role
from hub.editorial.domain import leading, upkeep
from hub.practices.models import PracticePage, PracticesIndexPage
from tests.editorial import doing
from tests.editorial.world import World, current, person, seat

# What each is to the page: `creator` made it and holds no seat any more, the seat of `former` has run out,
# `lead` leads the section, `writer` is on the staff and wrote the newest text.
WHO = ("visitor", "member", "creator", "former", "lead", "author", "reviewer", "staff", "writer")


# --- where a page stands ---------------------------------------------------------------------------------


def in_review(page: PracticePage, writer: Any) -> None:
    page.get_workflow().start(page, writer)


def changes_requested(page: PracticePage, writer: Any) -> None:
    in_review(page, writer)
    current(page).current_workflow_task_state.specific.reject(
        user=person("Una Unconcerned", Role.STAFF), comment="Why?"
    )


def live_and_draft(page: PracticePage, writer: Any) -> None:
    page.get_latest_revision().publish()
    now = current(page)
    now.title = "A newer draft of ours"
    now.save_revision(user=writer)


def scheduled(page: PracticePage, writer: Any) -> None:
    page.go_live_at = timezone.now() + timedelta(days=9)
    page.save_revision(user=writer).publish()


def obsolete(page: PracticePage, writer: Any) -> None:
    page.get_latest_revision().publish()
    upkeep.obsolete(current(page), by=person("Una Unlike", Role.STAFF))


STATES: dict[str, Callable[[PracticePage, Any], None]] = {
    "draft": lambda page, writer: None,
    "in_review": in_review,
    "changes_requested": changes_requested,
    "live_and_draft": live_and_draft,
    "scheduled": scheduled,
    "obsolete": obsolete,
}


# --- what comes of it ------------------------------------------------------------------------------------

#        visitor member creator former lead author reviewer staff writer
NOBODY = "login  no     no      no     no   no     no       no    no"
NOTHING = "none  none   none    none   none none   none     none  none"
SEATED = "login  no     no      no     yes  yes    yes      yes   yes"
WRITES = "login  no     no      no     yes  yes    no       yes   yes"
MANAGES = "login no     no      no     yes  no     no       yes   yes"
OFFICE = "login  no     no      no     no   no     no       yes   yes"
OTHERS = "login  no     no      no     no   no     yes      yes   no"
READERS = "login no     no      no     no   no     yes      yes   yes"
KEEPERS = "login no     no      no     no   yes    no       yes   yes"
EVERYBODY = "yes yes    yes     yes    yes  yes    yes      yes   yes"
UNREAD = "no     no     no      no     no   no     no       no    no"

# Nobody saves what is about to go live by itself: Wagtail locks it, and staff call the date off first.
LOCKED = {"scheduled": NOBODY}

# action → what comes of it wherever the page stands, and where it differs
TABLE: dict[Any, tuple[str, dict[str, str]]] = {
    doing.explorer: (SEATED, {}),
    doing.open_editor: (SEATED, {}),
    doing.preview: (SEATED, {}),
    doing.preview_panel: (SEATED, {}),
    doing.history: (SEATED, {}),
    doing.compare: (SEATED, {}),
    doing.old_text: (SEATED, {}),
    doing.chooser: (SEATED, {}),
    doing.people: (SEATED, {}),
    doing.usage: (OFFICE, {}),
    doing.type_report: (OFFICE, {}),
    doing.site_history: (OFFICE, {}),
    doing.locked_report: (OFFICE, {}),
    doing.read_on_site: (UNREAD, {"live_and_draft": EVERYBODY}),
    doing.save_draft: (WRITES, LOCKED),
    doing.autosave: (WRITES, LOCKED),
    doing.remark: (SEATED, LOCKED),
    doing.revert: (WRITES, {}),
    doing.stricter: (WRITES, LOCKED),
    doing.wider: (OFFICE, LOCKED),
    doing.add_below: (MANAGES, {}),
    doing.submit: (WRITES, {"in_review": NOBODY, **LOCKED}),
    doing.take_back: (
        NOBODY,
        {
            "in_review": "login no no no no yes no yes yes",
            "changes_requested": "login no no no no yes no no yes",  # who handed it in
        },
    ),
    doing.approve: (NOBODY, {"in_review": OTHERS}),
    doing.approve_on_dashboard: (NOTHING, {"in_review": OTHERS}),
    doing.approve_an_older_text: (NOTHING, {"in_review": NOBODY}),
    doing.ask_for_changes: (NOBODY, {"in_review": READERS}),
    doing.say_still_true: (NOBODY, {"live_and_draft": KEEPERS}),
    doing.say_obsolete: (NOBODY, {"live_and_draft": KEEPERS}),
    doing.publish: (OFFICE, LOCKED),
    doing.schedule: (OFFICE, LOCKED),
    doing.unschedule: (NOTHING, {"scheduled": OFFICE}),
    doing.unpublish: (NOTHING, {"live_and_draft": OFFICE}),
    doing.delete: (OFFICE, {}),
    doing.bulk_publish: (OFFICE, {"live_and_draft": NOBODY, **LOCKED}),
    doing.bulk_unpublish: (NOBODY, {"live_and_draft": OFFICE}),
    doing.bulk_delete: (OFFICE, {}),
    doing.copy: (OFFICE, {}),
    doing.move: (OFFICE, {}),
    doing.lock: (OFFICE, {"in_review": NOBODY}),
    doing.ask_somebody: (MANAGES, {}),
    doing.ask_outside: (MANAGES, {}),
    doing.let_outside_approve: ("login no no no no no no yes no", {}),
    doing.end_a_seat: (MANAGES, {}),
    doing.date_a_seat: (MANAGES, {}),
    doing.hand_over: (MANAGES, {}),
    doing.appoint_a_leader: (OFFICE, {}),
}

# A state that reads like another one: its rows are those of the other.
READS_LIKE: dict[str, str] = {"obsolete": "live_and_draft"}


def expected(who: str, state: str) -> dict[str, str]:
    """What comes of each action for one person, their page being in `state`."""
    state = READS_LIKE.get(state, state)
    column = WHO.index(who)
    return {act.__name__: by_state.get(state, row).split()[column] for act, (row, by_state) in TABLE.items()}


def place(world: World, who: str, state: str) -> tuple[Any, PracticePage]:
    """The client of `who`, and their page in `state`."""
    page = world.draft
    author = world.people["author"]
    world.people |= {
        "creator": person("Cleo Creator", Role.LEADER),
        "former": person("Finn Former", Role.LEADER),
        "lead": person("Lou Lead", Role.LEADER),
        "writer": person("Wim Writer", Role.STAFF),
        "other": person("Uma Unseated"),
    }
    page.owner = world.people["creator"]
    page.save()
    seat(page, world.people["former"], expires_at=timezone.now() - timedelta(minutes=1))
    leading.appoint(page.get_parent(), world.people["lead"], by=world.people["staff"])
    page.get_parent().get_parent().add_child(instance=PracticesIndexPage(title="Elsewhere", slug="elsewhere"))
    writer = world.people["writer"] if who == "writer" else author
    page.save_revision(user=writer)
    STATES[state](current(page), writer)
    return world.client(who), page


def outcome(action: Any, client: Any, page: PracticePage) -> str:
    """What came of it; afterwards everything is as it was."""
    with transaction.atomic():
        try:
            return str(action(client, current(page)))
        finally:
            transaction.set_rollback(True)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("who", WHO)
def test_their_own_page(world, who, state):
    client, page = place(world, who, state)
    assert {act.__name__: outcome(act, client, page) for act in TABLE} == expected(who, state)


@pytest.mark.parametrize("who", ["member", "creator", "former", "author", "reviewer"])
def test_a_page_of_others(world, who):
    """Below staff, and outside of what they lead, another page is as closed as to anybody without a seat."""
    client, _page = place(world, who, "in_review")
    in_review(world.other, world.people["author"])
    answers = {act.__name__: outcome(act, client, world.other) for act in TABLE}
    assert set(answers.values()) == {"no", "none"}, answers


def test_the_table_is_whole():
    rows = [row for default, by_state in TABLE.values() for row in (default, *by_state.values())]
    assert {len(row.split()) for row in rows} == {len(WHO)}
    assert {state for _, by_state in TABLE.values() for state in by_state} <= set(STATES)
    told = {act for act in vars(doing).values() if callable(act) and getattr(act, "__module__", "") == doing.__name__}
    assert {act.__name__ for act in told - set(TABLE)} == {"word", "get", "bulk", "answered", "other_person"}

"""What the pages of this app hand to their templates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from hub.editorial import showing
from hub.editorial.narrowing import narrow
from hub.editorial.registry import writing_place
from hub.editorial.showing import Row
from hub.editorial.ties import Ties, pairs_of
from hub.practices.enums import ProposalState
from hub.practices.models import SECTIONS, PracticePage, PracticesIndexPage
from hub.practices.registry import origins_of
from hub.practices.rules import may_propose
from hub.practices.standing import proposed_by, state_of

OWN_SHOWN = 20


def newest(viewer: Any) -> Any:
    """The practices `viewer` may see, the newest first, ready to be shown in a list."""
    visible = PracticePage.objects.visible_to(viewer)
    return showing.with_verifier(visible).order_by("-first_published_at", "-pk")


def index(page: PracticesIndexPage, request: HttpRequest) -> dict[str, Any]:
    """The practices, narrowed down by what the address asks for."""
    narrowed = narrow(newest(request.user), request.GET)
    found = showing.listed(narrowed.queryset, request)
    return {
        "own": own_rows(request.user) if may_propose(request.user) and found.number == 1 else [],
        "narrowed": narrowed,
        "page_obj": found,
        "rows": rows(found, request, pairs_of(found)),
    }


def rows(found: Iterable[PracticePage], request: HttpRequest, ties: dict[int, Ties]) -> list[Row]:
    """Practices in a list."""
    return [showing.row(one, request, ties[one.pk]) for one in found]


def own_rows(user: Any) -> list[Row]:
    """The practices `user` brought that are not (only) live, each with where it stands. For themselves, nobody else."""
    stands = [(page, state_of(page)) for page in proposed_by(user)[:OWN_SHOWN]]
    return [
        Row(title=page.draft_title or page.title, url=writing_place(page, user), facts=[str(state.label)])
        for page, state in stands
        if state != ProposalState.LIVE
    ]


def practice(page: PracticePage, request: HttpRequest) -> dict[str, Any]:
    """One practice: its five parts, those that are written."""
    taken = {"files", "tried"}  # places of the page itself
    written = [(label, name, getattr(page, name)) for name, label in SECTIONS if getattr(page, name)]
    taken.update(name.replace("_", "-") for _, name, _ in written)
    return {
        **showing.detail(page, request),
        "origins": origins_of(page, request.user),
        "files": [block.value for block in page.attachments if block.value is not None],
        "sections": [(label, name.replace("_", "-"), showing.parts(text, taken)) for label, name, text in written],
    }

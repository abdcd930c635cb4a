"""What the pages of this app hand to their templates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from hub.editorial import showing
from hub.editorial.narrowing import narrow
from hub.editorial.showing import Row
from hub.editorial.ties import Ties, pairs_of
from hub.practices.models import SECTIONS, PracticePage, PracticesIndexPage


def newest(viewer: Any) -> Any:
    """The practices `viewer` may see, the newest first, ready to be shown in a list."""
    visible = PracticePage.objects.visible_to(viewer)
    return showing.with_verifier(visible).order_by("-first_published_at", "-pk")


def index(page: PracticesIndexPage, request: HttpRequest) -> dict[str, Any]:
    """The practices, narrowed down by what the address asks for."""
    narrowed = narrow(newest(request.user), request.GET)
    found = showing.listed(narrowed.queryset, request)
    return {
        "narrowed": narrowed,
        "page_obj": found,
        "rows": rows(found, request, pairs_of(found)),
    }


def rows(found: Iterable[PracticePage], request: HttpRequest, ties: dict[int, Ties]) -> list[Row]:
    """Practices in a list."""
    return [showing.row(one, request, ties[one.pk]) for one in found]


def practice(page: PracticePage, request: HttpRequest) -> dict[str, Any]:
    """One practice: its five parts, those that are written."""
    taken: set[str] = set()
    written = [(label, name, getattr(page, name)) for name, label in SECTIONS if getattr(page, name)]
    taken.update(name.replace("_", "-") for _, name, _ in written)
    return {
        **showing.detail(page, request),
        "sections": [(label, name.replace("_", "-"), showing.parts(text, taken)) for label, name, text in written],
    }

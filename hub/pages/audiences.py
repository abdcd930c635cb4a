"""How a page's enforced audience follows from the pages above it.

Denormalised on purpose: one indexed column answers "who may read this" in every list, count and
search, whereas joining ancestors would cost a term per restricted section (docs/deviations.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from wagtail.models import BaseViewRestriction, PageViewRestriction

from hub.accounts.enums import ROLE_OF_GROUP
from hub.kernel import prepared
from hub.pages import registry
from hub.pages.enums import Audience

if TYPE_CHECKING:
    from hub.pages.models import BasePage

UPDATE_BATCH = 500  # page ids per UPDATE: SQLite allows 999 parameters in older builds


def of_page(page: BasePage, own: int | None = None) -> int:
    """The audience to enforce on `page`: the strictest of its own, its parent's, and its restrictions'.

    `own` is what counts as its own, where `page` holds the choice of a draft.
    """
    strictest = int(page.audience if own is None else own)
    if page.path and page.depth > 1:
        manager = _base_page(page)._default_manager

        def above(path: str) -> Any:
            return manager.filter(path=path).values_list("effective_audience")

        strictest = max(strictest, *(row[0] for row in prepared.rows("audience of", above, page.path[: -page.steplen])))
    if page.pk:
        strictest = max(strictest, *_restricted([page.pk]).values(), 0)
    return strictest


def settle_below(page: BasePage) -> int:
    """Bring every page below `page` in line with it; returns how many rows changed.

    Side effects: UPDATEs on the page table, at most one per level and batch; no signals.
    """
    manager = _base_page(page)._default_manager
    rows = list(
        manager.filter(path__startswith=page.path, depth__gt=page.depth)
        .order_by("path")
        .values_list("pk", "path", "audience", "effective_audience")
    )
    restricted = _restricted([row[0] for row in rows]) if rows else {}
    known = {page.path: int(page.effective_audience)}
    changed: dict[int, list[int]] = {}
    for pk, path, own, stored in rows:
        strictest = max(own, known.get(path[: -page.steplen], Audience.PUBLIC), restricted.get(pk, 0))
        known[path] = strictest
        if strictest != stored:
            changed.setdefault(strictest, []).append(pk)
    for level, pks in changed.items():
        for start in range(0, len(pks), UPDATE_BATCH):
            manager.filter(pk__in=pks[start : start + UPDATE_BATCH]).update(effective_audience=level)
    if changed:
        registry.subtree_changed(page.path)
    return sum(len(pks) for pks in changed.values())


def settle(page: BasePage) -> None:
    """Bring `page` and everything below it in line (after a change that did not pass through `save`)."""
    page.effective_audience = of_page(page)
    _base_page(page)._default_manager.filter(pk=page.pk).update(effective_audience=page.effective_audience)
    if not settle_below(page):  # which tells of the whole subtree, when it changed
        registry.subtree_changed(page.path)


def of_restriction(restriction: PageViewRestriction) -> Audience:
    """The audience that stands for one of Wagtail's view restrictions.

    Login means members. A group means the role it carries, the strictest if several; a group that
    carries none, and a shared password, have no place in the hub's rule and are for staff only.
    """
    if restriction.restriction_type == BaseViewRestriction.LOGIN:
        return Audience.MEMBERS
    if restriction.restriction_type == BaseViewRestriction.GROUPS:
        names = [group.name for group in restriction.groups.all()]
        roles = [int(ROLE_OF_GROUP.get(name, Audience.STAFF)) for name in names]
        return Audience(max(roles, default=Audience.STAFF))
    return Audience.STAFF


def _restricted(pks: list[int]) -> dict[int, int]:
    """The audience that view restrictions directly on these pages ask for (few rows, sections only)."""
    found: dict[int, int] = {}
    for restriction in PageViewRestriction.objects.filter(
        Q(page_id__in=pks) if len(pks) < 500 else Q()
    ).prefetch_related("groups"):
        level = int(of_restriction(restriction))
        found[restriction.page_id] = max(found.get(restriction.page_id, 0), level)
    return found


def _base_page(page: BasePage) -> type[BasePage]:
    return page.base_page_model  # type: ignore[no-any-return]

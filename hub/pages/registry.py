"""Calls to those above that keep something about pages: told in the transaction of the change itself.

Wagtail's signals come after the save, and bulk updates send none; what must never be wrong (who may
find a page) hangs on these instead. Filled in `AppConfig.ready()`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

PageSaved = Callable[[Any], None]
SubtreeChanged = Callable[[str], None]
StaysAsItIs = Callable[[Any, Any], bool]

# What saving a draft writes: nothing that a reader of the live page could notice.
DRAFT_FIELDS = {
    "draft_title",
    "has_unpublished_changes",
    "latest_revision",
    "latest_revision_created_at",
    "latest_revision_id",
    "wagtail_admin_comments",
}

_saving: ContextVar[frozenset[int]] = ContextVar("saving", default=frozenset())
_page_saved: list[PageSaved] = []
_keepers: list[StaysAsItIs] = []
_subtree_changed: list[SubtreeChanged] = []


def on_page_saved(call: PageSaved) -> PageSaved:
    """Have `call(page)` run whenever a page's row was saved, relations included. Draft saves are left out."""
    _page_saved.append(call)
    return call


def on_subtree_changed(call: SubtreeChanged) -> SubtreeChanged:
    """Have `call(path)` run whenever address or audience changed for any page whose tree path begins with `path`."""
    _subtree_changed.append(call)
    return call


def keep_text_if(call: StaysAsItIs) -> StaysAsItIs:
    """Have a text stay as it is, instead of being written over by autosave, when `call(revision, saver)` says so."""
    _keepers.append(call)
    return call


def stays_as_it_is(revision: Any, saver: Any) -> bool:
    """Whether somebody wants to find the text of `revision` again."""
    return any(call(revision, saver) for call in _keepers)


def page_saved(page: Any, update_fields: Any = None) -> None:
    """Tell everybody that `page` was saved."""
    if update_fields is not None and set(update_fields) <= DRAFT_FIELDS:
        return
    for call in _page_saved:
        call(page)


def subtree_changed(path: str) -> None:
    """Tell everybody that pages at and below `path` changed their address or audience."""
    for call in _subtree_changed:
        call(path)


@contextmanager
def saving(pk: int | None) -> Iterator[None]:
    """Around the save of a page: rows that belong to it are written in there, and news of them can wait."""
    token = _saving.set(_saving.get() | {pk} if pk else _saving.get())
    try:
        yield
    finally:
        _saving.reset(token)


def is_saving(pk: int) -> bool:
    """Whether this page is being saved at this moment, by us."""
    return pk in _saving.get()

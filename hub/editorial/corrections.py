"""Corrections: what was wrong on a published page, kept in public beside the page as it was before.

What is kept of the earlier text is its prose. Left out are the things that others decide about, and can decide
about anew: names and their profiles, who said a quoted sentence, pictures, documents, addresses. So the earlier
text tells nobody more than the words that stood there for them, and what a session's people said (its notes)
is in no earlier text at all (`KnowledgePage.prose_fields`). It is read by those only who could read it then and
may read the page now.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from hub.accounts.rules import Viewer, role_of
from hub.editorial.models.upkeep import Correction
from hub.editorial.passages import passages

# Parts of blocks that are prose of the author. Whatever a new block brings along is left out until it stands here.
PROSE = {"", "text", "title", "note", "code", "caption", "step", "takeaway"}


def note(page: Any) -> None:
    """Make the correction that `page` brings with it public, with the words that are live until this moment.

    Called when `page` is about to be saved as the live text, in the same transaction.
    """
    before = type(page).objects.filter(pk=page.pk, live=True).first()
    if before is not None:
        Correction.objects.create(
            page_id=page.pk, text=page.correction.strip(), audience=before.effective_audience, before=_words(before)
        )
        page.corrected_on = timezone.localdate()
    page.correction = ""


def readable(page: Any, viewer: Viewer) -> list[Correction]:
    """The corrections of a page that `viewer` may read anyway, the newest first."""
    return list(Correction.objects.filter(page_id=page.pk, audience__lte=role_of(viewer)).defer("before"))


def _words(page: Any) -> list[dict[str, Any]]:
    """The parts of a text that readers see, each with its label and its lines."""
    found: dict[str, list[str]] = {name: [] for name in page.prose_fields}
    for passage in passages(page):
        if passage.field in found and passage.part in PROSE:
            found[passage.field] += [line.strip() for line in passage.words.splitlines() if line.strip()]
    for name in page.prose_fields:
        value = getattr(page, name)
        if isinstance(value, str):
            found[name] = [line.strip() for line in value.splitlines() if line.strip()]
    head = [{"label": "", "lines": [page.title]}, {"label": "", "lines": [page.gist] if page.gist else []}]
    parts = [
        {"label": str(page._meta.get_field(name).verbose_name).capitalize(), "lines": lines}
        for name, lines in found.items()
    ]
    return [part for part in [*head, *parts] if part["lines"]]

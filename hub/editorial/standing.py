"""How a page stands: obsolete, corrected, due to be looked at. What is said about it, above its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from hub.editorial import corrections
from hub.editorial.domain.keepers import may_keep
from hub.kernel.dates import in_words
from hub.kernel.freshness import Freshness, State
from hub.pages.models import BasePage

if TYPE_CHECKING:
    from hub.editorial.models import KnowledgePage


@dataclass(frozen=True, slots=True)
class Standing:
    """What `components/standing.html` shows above a text. `keep_url` is for those who may say whether it is true."""

    obsolete: str = ""
    instead: Any = None
    keep_url: str = ""
    corrections: Sequence[Any] = field(default_factory=list)


def standing(page: KnowledgePage, request: HttpRequest, mark: Freshness | None) -> Standing | None:
    """What has to be said about `page`; None if nothing has: then it costs nothing."""
    is_due = mark is not None and mark.state != State.FRESH
    if not is_due and page.corrected_on is None:
        return None
    obsolete, instead = "", None
    if page.obsolete_since is not None:
        obsolete = f"This has not held since {in_words(page.obsolete_since, timezone.localdate())}."
        instead = _instead(page, request)
    found = Standing(
        obsolete=obsolete,
        instead=instead,
        keep_url=reverse("upkeep:keep", args=[page.pk]) if is_due and may_keep(request.user, page) else "",
        corrections=corrections.readable(page, request.user) if page.corrected_on is not None else [],
    )
    return found if found.obsolete or found.keep_url or found.corrections else None


def _instead(page: KnowledgePage, request: HttpRequest) -> dict[str, str] | None:
    """Title and address of what holds now, if this reader may see it."""
    if page.replaced_by_id is None:
        return None
    other = BasePage.objects.visible_to(request.user).filter(pk=page.replaced_by_id).first()
    return {"title": other.title, "url": other.get_url(request) or ""} if other is not None else None

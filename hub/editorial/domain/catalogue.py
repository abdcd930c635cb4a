"""How a page of knowledge reads in the catalogue: shared by practices, sessions, reports and plain pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db import models
from wagtail import blocks

from hub.editorial.blocks import QuoteBlock
from hub.editorial.models import Byline, KnowledgePage
from hub.members.domain.catalogue import name_for
from hub.members.enums import ShownTo
from search.enums import Variant
from search.registry import Adapter, Document, register

# Choices, addresses and ticks are settings of a block, not words of its author.
_NO_WORDS = (blocks.ChoiceBlock, blocks.MultipleChoiceBlock, blocks.URLBlock, blocks.BooleanBlock)


def register_pages(model: type[KnowledgePage], adapter: Adapter) -> None:
    """Make a type of page findable. Names on it may be written without saving the page."""
    register(model, adapter, parts=[(Byline, "page")])


def page_documents(
    page: KnowledgePage,
    *,
    kind: str,
    texts: Iterable[str],
    day: date | None = None,
    facts: dict[str, Any] | None = None,
    hide_roles: Collection[str] = (),
) -> list[Document]:
    """The documents of a live page: one if everybody who may read it may know the same names on it, else two.

    `texts` is its prose, `hide_roles` are bylines whose names nobody may find it by.
    """
    bylines = [
        byline
        for byline in page.bylines.select_related("person").order_by("sort_order", "pk")
        if byline.role not in hide_roles
    ]
    topics, functions, industries = list(page.topics.all()), list(page.functions.all()), list(page.industries.all())
    persons = [byline.person for byline in bylines if byline.person is not None]
    if page.verified_by is not None:
        persons.append(page.verified_by)
    common: dict[str, Any] = {
        "kind": kind,
        "title": page.title,
        "summary": page.gist,
        "text": "\n".join(text for text in texts if text),
        "topics": topics,
        "functions": functions,
        "industries": industries,
        "language": page.locale.language_code,
        "date": day or (page.first_published_at.date() if page.first_published_at else None),
        "verify_by": page.verify_by,
        "owner_id": page.owner_id,
        "source": page.source_path,
        "depends_on": persons,
        "facts": {
            "function": functions[0].pk if functions else None,
            "industry": industries[0].pk if industries else None,
            "verified_on": page.verified_on.isoformat() if page.verified_on else None,
            "obsolete_since": page.obsolete_since.isoformat() if page.obsolete_since else None,
            **(facts or {}),
        },
    }
    outer, inner = _known_at(page, bylines, ShownTo.PUBLIC), _known_at(page, bylines, ShownTo.MEMBERS)
    if outer == inner:
        return [Document(variant=Variant.WHOLE, **common, **inner)]
    return [Document(variant=Variant.OUTER, **common, **outer), Document(variant=Variant.INNER, **common, **inner)]


def words_of(page: models.Model, names: Iterable[str], *, without: Collection[str] = ()) -> list[str]:
    """The prose in the StreamFields `names` of a page, without the parts of blocks that are named in `without`."""
    found = []
    for name in names:
        stream = getattr(page, name)
        found.append("\n".join(_words(stream.stream_block, stream, without)))
    return found


def _words(block: Any, value: Any, without: Collection[str]) -> list[str]:
    if value is None or isinstance(block, _NO_WORDS):
        return []
    if isinstance(block, blocks.StreamBlock):
        return [word for child in value for word in _words(child.block, child.value, without)]
    if isinstance(block, QuoteBlock):
        without = {*without, *block.untold(value)}
    if isinstance(block, blocks.StructBlock):
        return [
            word
            for name, child in block.child_blocks.items()
            if name not in without
            for word in _words(child, value.get(name), without)
        ]
    if isinstance(block, blocks.ListBlock):
        return [word for child in value for word in _words(block.child_block, child, without)]
    return [text for text in block.get_searchable_content(value) if text]


def _known_at(page: KnowledgePage, bylines: list[Byline], level: ShownTo) -> dict[str, Any]:
    return {"people": _names(bylines, level), "verified_by": name_for(page.verified_by, level)}


def _names(bylines: list[Byline], level: ShownTo) -> list[str]:
    names = (
        name_for(byline.person, level) if byline.person is not None else byline.external_name for byline in bylines
    )
    return list(dict.fromkeys(name for name in names if name))

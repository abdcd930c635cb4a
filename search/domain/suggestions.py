"""Suggestions while somebody types: the pages, people and topics whose titles have words that begin like that.

Visibility as in `search.domain.query`, and for the same reasons in the same order: what the index owes
is read first, left out of the index, and matched as the database has it now. Only titles are looked at
and shown, and only those of things the viewer may open. What others asked is never suggested.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString, mark_safe

from hub.accounts.rules import Viewer
from search.backends.whoosh import analysis
from search.domain import engine, words
from search.domain.query import may_see, owed, report, visible
from search.enums import Kind
from search.models import Entry
from search.rules import scopes_of

LONGEST = 100  # characters of what was typed; who has typed more is past suggestions
MOST_WORDS = 8
MOST_READ = 200  # rows the database reads when the index cannot answer
SHORTEST = 2  # letters; a single letter of a script with an alphabet begins everything

PAGES, PEOPLE, TOPICS = "Pages", "People", "Topics"
#: The groups in the order shown, with how many of each.
GROUPS = {PAGES: 5, PEOPLE: 3, TOPICS: 3}
_GROUP_OF = {Kind.PERSON: PEOPLE, Kind.TOPIC: TOPICS}
_COLUMNS = ("kind", "scope", "title", "url", "facts", "is_deleted")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing to go to. `title_html` is safe, with the typed beginnings in `<mark>`; `number` counts through all."""

    number: int
    kind: str
    title_html: SafeString
    url: str
    note: str


@dataclass(frozen=True, slots=True)
class Group:
    """Suggestions of one sort."""

    label: str
    suggestions: list[Suggestion]


def suggest(typed: str, *, viewer: Viewer = None) -> list[Group]:
    """What `viewer` may open and what is called like that; groups without suggestions are left out."""
    begun = beginnings(typed)
    if not begun:
        return []
    scopes = scopes_of(viewer)
    entries = visible(scopes).only(*_COLUMNS)
    pending = owed()
    found: dict[str, list[Entry]] | None = None
    if pending is not None:
        try:
            found = _from_index(begun, entries, pending)
        except Exception as error:  # the box must go on working whatever is wrong with the index
            report(error)
    if found is None:
        found = _from_database(begun, entries)
    number, groups = 0, []
    for label, most in GROUPS.items():
        rows = [row for row in found.get(label, []) if may_see(row, scopes)][:most]
        if rows:
            groups.append(
                Group(label, [_suggestion(row, begun, place) for place, row in enumerate(rows, start=number + 1)])
            )
            number += len(rows)
    return groups


def beginnings(typed: str) -> list[str]:
    """The beginnings of words in what was typed; none if it is too little to say anything."""
    begun = list(dict.fromkeys(analysis.words(words.squeeze(typed[: LONGEST * 4])[:LONGEST])))[:MOST_WORDS]
    begun = [word[: analysis.LONGEST_PREFIX] for word in begun]
    too_short = sum(map(len, begun)) < SHORTEST and all(word.isascii() for word in begun)
    return [] if too_short else begun


def _from_index(begun: list[str], entries: QuerySet[Entry], pending: list[int]) -> dict[str, list[Entry]] | None:
    """The best of each group. None where the index is not there."""
    backend, typed = engine.backend(), " ".join(begun)
    fresh = _from_database(begun, entries.filter(pk__in=pending)) if pending else {}
    settled = entries.exclude(pk__in=pending) if pending else entries
    results = backend.autocomplete(typed, settled, operator="and")
    if hasattr(results, "best_by"):
        rows = _best_by_kind(results, settled)
    else:
        rows = {
            label: list(backend.autocomplete(typed, settled.filter(kind__in=_kinds(label)), operator="and")[:most])
            for label, most in GROUPS.items()
        }
    if not any(rows.values()) and engine.state(backend, Entry) == "missing":  # lost, not empty
        return None
    return {label: fresh.get(label, []) + rows.get(label, []) for label in GROUPS}


def _best_by_kind(results: Any, settled: QuerySet[Entry]) -> dict[str, list[Entry]]:
    """All groups from one look at the index and one query."""
    best = results.best_by("kind", max(GROUPS.values()))
    keys: dict[str, list[int]] = {}
    for label, most in GROUPS.items():
        hits = [hit for kind in _kinds(label) for hit in best.get(kind, [])]
        keys[label] = [pk for pk, _ in sorted(hits, key=lambda hit: -hit[1])[:most]]
    wanted = [pk for pks in keys.values() for pk in pks]
    rows = {row.pk: row for row in settled.filter(pk__in=wanted)} if wanted else {}
    return {label: [rows[pk] for pk in pks if pk in rows] for label, pks in keys.items()}


def _from_database(begun: list[str], entries: QuerySet[Entry]) -> dict[str, list[Entry]]:
    """The newest that match, of those the database can find by itself."""
    for word in begun:
        if word.isascii():
            entries = entries.filter(title__icontains=word)
    found: dict[str, list[Entry]] = {}
    for row in entries.findable().order_by("-date", "-pk")[:MOST_READ]:  # type: ignore[attr-defined]
        here = analysis.words(row.title)
        if all(any(word.startswith(beginning) for word in here) for beginning in begun):
            found.setdefault(_GROUP_OF.get(Kind(row.kind), PAGES), []).append(row)
    return found


def _kinds(label: str) -> list[str]:
    return [str(kind) for kind in Kind if _GROUP_OF.get(kind, PAGES) == label]


def _suggestion(row: Entry, begun: list[str], number: int) -> Suggestion:
    lines: Iterable[Any] = row.facts.get("lines", []) if row.kind == Kind.PERSON else ()
    note = ", ".join(map(str, lines)) if row.kind == Kind.PERSON else str(Kind(row.kind).label)
    return Suggestion(number, row.kind, marked(row.title, begun), row.url, note or str(Kind(row.kind).label))


def marked(title: str, begun: list[str]) -> SafeString:
    """The title as HTML, everything escaped, with a `<mark>` around what was typed of each word."""
    out, last = [], 0
    for word in analysis.located_words(title):
        length = max((len(beginning) for beginning in begun if word.text.startswith(beginning)), default=0)
        if not length or word.start < last:
            continue
        # A letter that folds to several ("ß") has no beginning to mark: then the whole word is marked.
        end = word.start + length if len(word.text) == word.end - word.start else word.end
        out += [escape(title[last : word.start]), "<mark>", escape(title[word.start : end]), "</mark>"]
        last = end
    out.append(escape(title[last:]))
    return mark_safe("".join(out))  # every piece went through escape()

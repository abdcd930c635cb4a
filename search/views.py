"""The page of results."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from search.domain import asking, suggestions
from search.domain.facets import named
from search.domain.leading import leads
from search.domain.query import PER_PAGE, SearchAnswer, find
from search.domain.rows import rows
from search.domain.words import LONGEST_QUESTION, squeeze
from search.enums import Like
from search.registry import place_of

FACET_LABELS = {
    "kind": "What",
    "topic": "Topic",
    "function": "Function",
    "industry": "Industry",
    "year": "Year",
}
SINGLE = ("q", "sort", "like", "exact")  # of these an address holds one value
KEPT = (*SINGLE, *FACET_LABELS)
MOST_OPTIONS = 20  # choices shown of one facet, the most frequent first; chosen ones always


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of several; `url` is this page with the choice taken, where it is a link."""

    value: str
    label: str
    selected: bool
    count: int | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """A group of choices of which any may hold."""

    name: str
    label: str
    options: list[Option]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice that is on, and the address without it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Wider:
    """What there is without the choices of one facet."""

    labels: list[str]
    number: int
    url: str


class Results(HttpResponse):
    """A page of results that writes down what was asked.

    Closed is a response that was sent: nobody waits, even if somebody else is writing to the database.
    """

    def __init__(self, page: str, request: HttpRequest) -> None:
        super().__init__(page)
        self._request = request

    def close(self) -> None:
        try:
            asking.write_down(self._request)
        finally:
            super().close()


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """What the viewer finds. Everything is in the address, so a page of results can be kept and shared."""
    asked = request.GET

    def answer_to(text: str) -> SearchAnswer:
        return find(
            text,
            viewer=request.user,
            sort=asked.get("sort", ""),
            like=asked.get("like", ""),
            page=_number(asked.get("page", "")),
            **{name: asked.getlist(name) for name in FACET_LABELS},  # type: ignore[arg-type]
        )

    answer, typed = answer_to(asked.get("q", "")), ""
    if not answer.total and answer.suggestion and not asked.get("exact"):
        better = answer_to(answer.suggestion)
        if better.total:
            answer, typed = better, answer.question.text
    page = render_to_string("search/results.html", context_of(answer, request, typed=typed), request)
    return _for_this_viewer(Results(page, request))


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """What the list below the search box holds for what was typed so far: a piece of HTML, empty if nothing fits."""
    typed = squeeze(request.GET.get("q", "")[: suggestions.LONGEST * 4])[: suggestions.LONGEST]
    groups = suggestions.suggest(typed, viewer=request.user)
    return _for_this_viewer(render(request, "search/suggestions.html", {"typed": typed, "groups": groups}))


def _for_this_viewer(response: HttpResponse) -> HttpResponse:
    """To be shown to nobody else and never shown again unasked: what was found may be hidden a moment later."""
    response["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Cookie"])
    return response


def context_of(answer: SearchAnswer, request: HttpRequest, *, typed: str = "") -> dict[str, Any]:
    """What `search/results.html` shows. `typed` is what was asked where the answer is to something better spelt."""
    asked = request.GET
    is_asked = bool(answer.question.text or answer.filters.any)
    place = place_of(request.user) if is_asked else None
    return {
        "query": answer.question.text,
        "typed": typed,
        "typed_url": _address(asked, plus=("exact", "1")) if typed else "",
        "is_asked": is_asked,
        "results": rows(answer),
        "asked_token": asking.remember(request, answer),
        "total": answer.total,
        "facets": facets_of(answer),
        "page_obj": _page_of(answer),
        "sort": answer.sort,
        "suggestion": answer.suggestion,
        "active_filters": [
            Chosen(label, _address(asked, without=(name, value))) for name, value, label in answer.filters.chosen()
        ],
        "clear_url": _address(asked, keep=("q", "sort", "exact")),
        "kept": [(name, asked[name]) for name in ("q", "sort", "like", "exact") if asked.get(name)],
        "whose": whose_of(answer, asked) if place else [],
        "wider": wider_of(answer, asked),
        "leads": leads(answer, viewer=request.user, place=place) if is_asked and not answer.total else None,
        "unfiltered_total": answer.unfiltered_total,
        "notes": notes_of(answer),
    }


def whose_of(answer: SearchAnswer, asked: QueryDict) -> list[Option]:
    """Whose experience: everybody's, like us, unlike us."""
    chosen = answer.filters.near.like.value if answer.filters.near else ""
    others = [name for name in KEPT if name != "like"]
    return [
        Option(
            value=value,
            label=str(label),
            url=_address(asked, keep=others, plus=("like", value) if value else None),
            selected=value == chosen,
        )
        for value, label in [("", "Everybody"), *Like.choices]
    ]


def wider_of(answer: SearchAnswer, asked: QueryDict) -> list[Wider]:
    """The facets whose choices stand between the question and something, what gives most first."""
    chosen: dict[str, list[str]] = {}
    for name, _, label in answer.filters.chosen():
        chosen.setdefault(name, []).append(label)
    found = [
        Wider(chosen[name], number, _address(asked, keep=[kept for kept in KEPT if kept != name]))
        for name, number in answer.wider.items()
        if number
    ]
    return sorted(found, key=lambda wider: -wider.number)


def facets_of(answer: SearchAnswer) -> list[Facet]:
    """The facets that leave a choice, each with its most frequent values. One query at most, for names of topics."""
    chosen = {(name, value) for name, value, _ in answer.filters.chosen()}
    topics = sorted(answer.facets.get("topic", {}).items(), key=lambda pair: -pair[1])[: MOST_OPTIONS * 2]
    answer.vocabulary.add_topics(pk for pk, _ in topics)
    found = []
    for name, label in FACET_LABELS.items():
        counts = {
            name_of: number
            for key, number in answer.facets.get(name, {}).items()
            if (name_of := named(name, key, answer.vocabulary)) is not None
        }
        for group, value, words in answer.filters.chosen():
            if group == name:
                counts.setdefault((value, words), 0)  # a choice that leaves nothing can still be taken back
        order = (lambda item: item[0][0]) if name == "year" else (lambda item: (-item[1], item[0][1]))
        ranked = sorted(counts.items(), key=order, reverse=name == "year")
        options = [
            Option(
                value=value,
                label=words,
                selected=(name, value) in chosen,
                count=number,
            )
            for place, ((value, words), number) in enumerate(ranked)
            if place < MOST_OPTIONS or (name, value) in chosen
        ]
        if options:
            found.append(Facet(name, label, options))
    return found


def notes_of(answer: SearchAnswer) -> list[str]:
    """What the reader has to know about how the question was read."""
    notes = []
    if answer.question.text and answer.question.is_empty:
        notes.append("There is no word in that. Say it in a few plain words.")
    if answer.question.is_cut:
        notes.append(
            f"That was a long question. We looked for its first {len(answer.question.words)} different words; "
            "fewer words find more."
        )
    if "like" in answer.filters.unknown or "unlike" in answer.filters.unknown:
        notes.append(
            "“Like us” and “unlike us” compare with the function and industry on your profile. Log in, or say there "
            "which they are; until then you see everybody’s."
        )
    elif answer.filters.unknown:
        notes.append(
            "Some of the choices in this address do not exist here, or not any more; they were left out. "
            "Choose again on the left."
        )
    return notes


def _page_of(answer: SearchAnswer) -> Page[Any]:
    """Django's page object over the known total, with the numbers that are worth showing."""
    paginator = Paginator(range(answer.total), PER_PAGE)
    page = paginator.page(answer.page)
    page.numbers = list(  # type: ignore[attr-defined]
        paginator.get_elided_page_range(answer.page, on_each_side=1, on_ends=1)
    )
    return page


def _address(
    asked: QueryDict,
    *,
    without: tuple[str, str] | None = None,
    plus: tuple[str, str] | None = None,
    keep: Iterable[str] = KEPT,
) -> str:
    """This page's address with one choice taken away or added, back on its first page, and nothing unknown in it."""
    other = QueryDict(mutable=True)
    for name in keep:
        values = [value[:LONGEST_QUESTION] for value in asked.getlist(name) if value and (name, value) != without]
        if values:
            other.setlist(name, values[:1] if name in SINGLE else list(dict.fromkeys(values))[:30])
    if plus is not None:
        other.appendlist(*plus)
    return f"?{other.urlencode()}" if other else "?"


def _number(value: str) -> int:
    """The page asked for; the first, for anything that is no number."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 7 else 1

"""One question, one answer: what a viewer finds, how much of it there is, and how it can be narrowed down.

**Never a hidden thing, not even for a moment.** A page that was restricted, moved or deleted is
written down in the catalogue in the transaction of that change; the index learns of it after the
commit. In between the index is wrong, and it may stay so for long when it cannot be written. So every
question first asks the database which entries the index still owes (`Entry.pending`, one indexed
query, nearly always empty), and excludes them from the index *inside* the query: they are neither
returned, nor counted, nor in a facet. Their present state is matched by the database and put in front.
The order matters: pending first, index second. A change that was committed before the question is
either still pending, and excluded, or settled, and then the index, which is opened at its newest
state, has it. The rows of the hits are read last, and each one's scope is compared once more.

When the index owes too much, or fails, the database answers alone (`search.domain.database`).
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from modelsearch.query import And, Or, Phrase, PlainText

from hub.accounts.rules import Viewer
from search import tasks
from search.domain import database, engine, queue, suggestions, words
from search.domain.filters import Filters, Vocabulary
from search.domain.words import Question
from search.enums import Sort
from search.models import Entry
from search.rules import scopes_of

logger = logging.getLogger("search")

PER_PAGE = 10
MOST_PENDING = 500  # more keys than this in one exclusion, and the database is the quicker engine
FACETS = {"kind": "kind", "topic": "topics", "function": "functions", "industry": "industries", "year": "year"}
ALL_WORDS_BOOST = 8.0  # for engines that do not put documents with all the words first by themselves
MOST_PAGES = 100_000

Counts = dict[Any, int]


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found, and how well it matches (0 where nothing was asked)."""

    entry: Entry
    score: float = 0.0


@dataclass
class SearchAnswer:
    """What was found for one viewer. `facets` counts what each further choice would leave, by facet and value."""

    question: Question
    filters: Filters
    vocabulary: Vocabulary
    sort: str = Sort.BEST
    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    page: int = 1
    facets: dict[str, Counts] = field(default_factory=dict)
    suggestion: str = ""
    unfiltered_total: int | None = None
    from_database: bool = False


def find(
    text: str,
    *,
    viewer: Viewer = None,
    kind: Sequence[str] = (),
    topic: Sequence[str] = (),
    function: Sequence[str] = (),
    industry: Sequence[str] = (),
    year: Sequence[str] = (),
    sort: str = Sort.BEST,
    page: int = 1,
    per_page: int = PER_PAGE,
) -> SearchAnswer:
    """What `viewer` finds for `text`. Filters are slugs, kinds and years; unknown ones are noted and left out.

    Without words it lists what the filters leave, newest first; without either, nothing.
    """
    question = words.ask(text)
    vocabulary = Vocabulary.load(topic)
    filters = Filters.read(vocabulary, kind=kind, topic=topic, function=function, industry=industry, year=year)
    sort = Sort(sort) if sort in Sort.values else Sort.BEST
    answer = SearchAnswer(question, filters, vocabulary, sort, page=max(1, min(page, MOST_PAGES)))
    if question.is_empty and (text.strip() or not filters.any):
        return answer
    scopes = scopes_of(viewer)
    if question.is_empty:
        _list(answer, scopes, per_page)
        return answer
    try:
        _ask_engine(answer, scopes, per_page)
    except Exception as error:  # whatever is wrong with the index, the person at the screen gets an answer
        _report(error)
        _ask_database(answer, scopes, per_page)
    if not answer.total:
        _lead_on(answer, scopes)
    return answer


def visible(scopes: Iterable[str]) -> QuerySet[Entry]:
    """The entries that holders of `scopes` may find, as an engine can filter them."""
    return Entry.objects.filter(scope__in=sorted(scopes))


def _ask_engine(answer: SearchAnswer, scopes: frozenset[str], per_page: int) -> None:
    pending = list(Entry.objects.pending().values_list("pk", flat=True)[: MOST_PENDING + 1])
    backend = engine.backend()
    if len(pending) > MOST_PENDING:
        _ask_database(answer, scopes, per_page)
        return
    asked = _engine_query(backend, answer.question)

    def results(but: str = "") -> Any:
        entries = answer.filters.apply(visible(scopes), engine.with_any, but=but)
        if pending:
            entries = entries.exclude(pk__in=pending)
        if answer.sort == Sort.NEWEST:
            return backend.search(asked, entries.order_by("-date", "-id"), order_by_relevance=False)
        return backend.search(asked, entries)

    late = _Late(answer, scopes, pending)
    main = results()
    if not main.count() and engine.state(backend, Entry) == "missing":  # lost, not empty
        _ask_database(answer, scopes, per_page)
        return
    answer.total = main.count() + len(late.matches())
    answer.page = _clamp(answer.page, answer.total, per_page)
    start = (answer.page - 1) * per_page
    fresh = late.hits(start, start + per_page)
    first = max(0, start - len(late.matches()))
    rest = per_page - len(fresh)
    rows = list(main[first : first + rest].annotate_score("score")) if rest and main.count() > first else []
    answer.hits = fresh + [Hit(row, abs(float(getattr(row, "score", 0) or 0))) for row in rows if _may_see(row, scopes)]
    for name, column in FACETS.items():
        group = results(but=name) if name in answer.filters.groups else main
        counted = Counter({value: number for value, number in group.facet(column).items() if value is not None})
        counted.update(late.counts(name, column))
        answer.facets[name] = dict(counted)


class _Late:
    """What the index owes and the question matches, as the database has it now."""

    def __init__(self, answer: SearchAnswer, scopes: frozenset[str], pending: list[int]) -> None:
        self.answer, self.scopes, self.pending = answer, scopes, pending
        self._found: dict[str, list[database.Match]] = {}

    def matches(self, but: str = "") -> list[database.Match]:
        """The matches, leaving out the choices of one facet."""
        if not self.pending:
            return []
        if but not in self._found:
            entries = self.answer.filters.apply(visible(self.scopes), engine.having, but=but)
            newest = self.answer.sort == Sort.NEWEST
            self._found[but] = database.matching(
                self.answer.question, entries.filter(pk__in=self.pending), newest=newest
            )
        return self._found[but]

    def hits(self, start: int, stop: int) -> list[Hit]:
        """Those that belong on this page of results."""
        scores = {match.pk: match.score for match in self.matches()[start:stop]}
        return [Hit(row, scores[row.pk]) for row in database.rows(scores) if _may_see(row, self.scopes)]

    def counts(self, name: str, column: str) -> Counts:
        """What they count for in one facet."""
        found = self.matches(name if name in self.answer.filters.groups else "")
        return database.counts(Entry.objects.filter(pk__in=[m.pk for m in found]), column) if found else {}


def _ask_database(answer: SearchAnswer, scopes: frozenset[str], per_page: int) -> None:
    answer.from_database = True
    newest = answer.sort == Sort.NEWEST

    def matches(but: str = "") -> list[database.Match]:
        entries = answer.filters.apply(visible(scopes), engine.having, but=but)
        return database.matching(answer.question, entries, newest=newest)

    found = matches()
    scores = {match.pk: match.score for match in found}
    _fill(answer, list(scores), scopes, per_page, scores)
    for name, column in FACETS.items():
        group = matches(but=name) if name in answer.filters.groups else found
        answer.facets[name] = database.counts(Entry.objects.filter(pk__in=[match.pk for match in group]), column)


def _list(answer: SearchAnswer, scopes: frozenset[str], per_page: int) -> None:
    """Everything that the filters leave, newest first: no words, so the database knows it all."""
    answer.sort = Sort.NEWEST
    entries = answer.filters.apply(visible(scopes).findable(), engine.having)  # type: ignore[attr-defined]
    answer.total = entries.count()
    answer.page = _clamp(answer.page, answer.total, per_page)
    start = (answer.page - 1) * per_page
    answer.hits = [Hit(row) for row in entries.order_by("-date", "title", "pk")[start : start + per_page]]
    for name, column in FACETS.items():
        group = answer.filters.apply(visible(scopes).findable(), engine.having, but=name)  # type: ignore[attr-defined]
        answer.facets[name] = database.counts(group, column)


def _fill(
    answer: SearchAnswer, pks: list[int], scopes: frozenset[str], per_page: int, scores: dict[int, float]
) -> None:
    answer.total = len(pks)
    answer.page = _clamp(answer.page, answer.total, per_page)
    start = (answer.page - 1) * per_page
    rows = database.rows(pks[start : start + per_page])
    answer.hits = [Hit(row, scores[row.pk]) for row in rows if _may_see(row, scopes)]


def _engine_query(backend: Any, question: Question) -> Any:
    """Any of the words, what has all of a short question first; quoted phrases must be there."""
    asked: Any = PlainText(question.plain, operator="or")
    if not engine.puts_all_words_first(backend) and 1 < len(question.words) <= database.ALL_WORDS_FIRST_UP_TO:
        asked = Or([PlainText(question.plain, operator="and", boost=ALL_WORDS_BOOST), asked])
    if question.phrases:
        asked = And([*(Phrase(phrase) for phrase in question.phrases), asked])
    return asked


def _lead_on(answer: SearchAnswer, scopes: frozenset[str]) -> None:
    """Nothing was found: what else could be tried. Every number and word in it is one this viewer may know."""

    def total(text: str) -> int:
        other = SearchAnswer(words.ask(text), Filters(), answer.vocabulary)
        counter: Callable[..., None] = _ask_database if answer.from_database else _ask_engine
        counter(other, scopes, 1)
        return other.total

    try:
        if answer.filters.any:
            answer.unfiltered_total = total(answer.question.text)
        if not answer.unfiltered_total:
            answer.suggestion = suggestions.did_you_mean(answer.question, visible(scopes), total)
    except Exception as error:  # a suggestion is a courtesy: without one, the page still says what to do
        _report(error)


def _may_see(row: Entry, scopes: frozenset[str]) -> bool:
    return not row.is_deleted and row.scope in scopes


def _clamp(page: int, total: int, per_page: int) -> int:
    return min(page, max(1, -(-total // per_page)))


def _report(error: BaseException) -> None:
    if queue.record_failure(error, needs_rebuild=engine.is_ill(error)):
        tasks.sync_index.enqueue()  # once: the worker builds it afresh

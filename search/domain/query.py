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

**How results are ordered** is said in docs/search.md; the weights stand in `search.domain.weights`.
What staff chose for a question is kept out of the index's answer in the same way as what it owes, and
put in front by the database: so it is counted once, filtered and narrowed down like everything else.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField, QuerySet, Value
from django.utils import timezone
from modelsearch.query import And, Or, Phrase, PlainText

from hub.accounts.rules import Viewer
from hub.kernel import prepared
from search import tasks
from search.domain import database, engine, names, priors, promoted, queue, spelling, synonyms, weights, words
from search.domain.filters import Filters, Vocabulary
from search.domain.steering import Steering
from search.domain.words import Alternative, Part, Question
from search.enums import Sort
from search.models import Entry, IndexStatus
from search.registry import place_of
from search.rules import scopes_of

logger = logging.getLogger("search")

PER_PAGE = 10
NOT_OURS = -1  # no entry's key
MOST_PENDING = 500  # more keys than this in one exclusion, and the database is the quicker engine
FACETS = {"kind": "kind", "topic": "topics", "function": "functions", "industry": "industries", "year": "year"}
MOST_PAGES = 100_000

Counts = dict[Any, int]


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found, and how well it matches (0 where nothing was asked, or where staff chose it)."""

    entry: Entry
    score: float = 0.0
    is_promoted: bool = False


@dataclass
class SearchAnswer:
    """What was found for one viewer. `facets` counts what each further choice would leave, by facet and value.

    Where nothing was found, `wider` says for each facet with a choice how much there is without it. `owed` is
    what the index had to leave out; None where it was not asked.
    """

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
    wider: dict[str, int] = field(default_factory=dict)
    owed: list[int] | None = None
    from_database: bool = False
    steering: Steering = field(default_factory=Steering)


def find(
    text: str,
    *,
    viewer: Viewer = None,
    kind: Sequence[str] = (),
    topic: Sequence[str] = (),
    function: Sequence[str] = (),
    industry: Sequence[str] = (),
    year: Sequence[str] = (),
    like: str = "",
    sort: str = Sort.BEST,
    page: int = 1,
    per_page: int = PER_PAGE,
) -> SearchAnswer:
    """What `viewer` finds for `text`. Filters are slugs, kinds and years; unknown ones are noted and left out.

    Without words it lists what the filters leave, newest first; without either, nothing.
    """
    question = words.ask(text)
    vocabulary = Vocabulary.load(topic)
    place = place_of(viewer) if like else None
    filters = Filters.read(
        vocabulary, like=like, place=place, kind=kind, topic=topic, function=function, industry=industry, year=year
    )
    sort = Sort(sort) if sort in Sort.values else Sort.BEST
    answer = SearchAnswer(question, filters, vocabulary, sort, page=max(1, min(page, MOST_PAGES)))
    if question.is_empty and (text.strip() or not filters.any):
        return answer
    scopes = scopes_of(viewer)
    if question.is_empty:
        _list(answer, scopes, per_page)
        return answer
    answer.steering = Steering.load()
    answer.question = synonyms.extended(question, answer.steering.synonyms)
    try:
        _ask_engine(answer, scopes, per_page)
    except Exception as error:  # whatever is wrong with the index, the person at the screen gets an answer
        report(error)
        _ask_database(answer, scopes, per_page)
    if not answer.total:
        _lead_on(answer, scopes)
    elif answer.page == 1 and len(question.words) > 1 and answer.owed is not None:
        answer.suggestion = _spelt(answer, scopes, lambda text: 1)  # its words occur, so it finds something
    return answer


def visible(scopes: Iterable[str]) -> QuerySet[Entry]:
    """The entries that holders of `scopes` may find, as an engine can filter them."""
    return Entry.objects.filter(scope__in=sorted(scopes))


def owed() -> list[int] | None:
    """The entries that the index owes; None if they are too many to be left out of a question one by one, or if
    the index was filled for another engine since (`SEARCH_URL` changed): then it must not be asked at all.

    To be read *before* the index is asked; see above.
    """
    pks = [pk for (pk,) in prepared.rows("owed", _owed, engine.identity())]
    return None if len(pks) > MOST_PENDING or NOT_OURS in pks else pks


def _owed(engine_now: str) -> Any:
    pending = Entry.objects.pending().order_by().values_list("pk")
    not_ours = IndexStatus.objects.exclude(engine=engine_now).values_list(Value(NOT_OURS, BigIntegerField()))
    return pending.union(not_ours, all=True)[: MOST_PENDING + 1]


def _ask_engine(answer: SearchAnswer, scopes: frozenset[str], per_page: int) -> None:
    pending = owed()
    backend = engine.backend()
    if pending is None:
        _ask_database(answer, scopes, per_page)
        return
    answer.owed = pending
    front = _Front(answer, scopes, among=pending)
    indexed = visible(scopes).exclude(pk__in=front.keys) if front.keys else visible(scopes)

    def results(filters: Filters = answer.filters, but: str = "") -> Any:
        asked = _engine_query(backend, answer.question)
        entries = filters.apply(indexed, engine.with_any, but=but).only(*priors.COLUMNS)
        if answer.sort == Sort.NEWEST:
            return backend.search(asked, entries.order_by("-date", "-id"), order_by_relevance=False)
        return backend.search(asked, entries)

    main = results()
    # Whether a question finds little is a matter of the question, not of what is chosen in the facets.
    everything = results(Filters()) if answer.filters.any and main.count() < names.FEW else main
    if names.may_help(answer.question) and 0 < everything.count() < names.FEW:
        answer.question = names.extended(answer.question, indexed)
        main = results()
    if not main.count() and engine.state(backend, Entry) == "missing":  # lost, not empty
        _ask_database(answer, scopes, per_page)
        return
    before = len(front.matches())
    answer.total = main.count() + before
    if not answer.total:
        groups = sorted(answer.filters.groups)
        answer.wider = {name: results(but=name).count() + len(front.matches(name)) for name in groups}
    answer.page = _clamp(answer.page, answer.total, per_page)
    start = (answer.page - 1) * per_page
    answer.hits = front.hits(start, start + per_page)
    if before < start + per_page and main.count():
        found = _in_order(main, max(0, start - before), start + per_page - before, answer.sort)
        answer.hits += _hits(found, scopes)
    answer.facets = front.facets()
    for name, column in FACETS.items():
        group = results(but=name) if name in answer.filters.groups else main
        counted = Counter({value: number for value, number in group.facet(column).items() if value is not None})
        counted.update(answer.facets.get(name, {}))
        answer.facets[name] = dict(counted)


def _ask_database(answer: SearchAnswer, scopes: frozenset[str], per_page: int) -> None:
    answer.from_database, answer.owed = True, None
    everything = _Front(answer, scopes, among=None)
    answer.total = len(everything.matches())
    if not answer.total:
        answer.wider = {name: len(everything.matches(name)) for name in sorted(answer.filters.groups)}
    answer.page = _clamp(answer.page, answer.total, per_page)
    start = (answer.page - 1) * per_page
    answer.hits = everything.hits(start, start + per_page)
    answer.facets = {name: {} for name in FACETS} | everything.facets()


def _in_order(main: Any, first: int, last: int, sort: str) -> dict[int, float]:
    """The keys of some results, each with its score; of the best ones those first that are fresh and verified."""
    until = last if sort == Sort.NEWEST else max(last, weights.LOOKED_OVER)
    found = [(row, abs(float(getattr(row, "score", 0) or 0))) for row in main[:until].annotate_score("score")]
    if sort != Sort.NEWEST:
        best, rest = found[: weights.LOOKED_OVER], found[weights.LOOKED_OVER :]
        found = priors.reordered(best, engine.split_score, timezone.localdate()) + rest
    return {row.pk: score for row, score in found[first:last]}


def _hits(scores: dict[int, float], scopes: frozenset[str], chosen: Iterable[int] = ()) -> list[Hit]:
    return [
        Hit(row, scores[row.pk], is_promoted=row.pk in chosen) for row in database.rows(scores) if may_see(row, scopes)
    ]


class _Front:
    """What the database puts before the results of the index: what staff chose for this question, then what the
    index owes and the question matches; without an index, everything that it matches."""

    def __init__(self, answer: SearchAnswer, scopes: frozenset[str], *, among: list[int] | None) -> None:
        self.answer, self.scopes, self.among = answer, scopes, among
        self.chosen = promoted.chosen(answer.question, answer.steering.promotions, visible(scopes))
        #: What the index must leave out.
        self.keys = [*self.chosen, *(among or ())]
        self._found: dict[str, dict[int, float]] = {}

    def matches(self, but: str = "") -> dict[int, float]:
        """The keys with their scores, in order; leaving out the choices of one facet."""
        if self.among == [] and not self.chosen:
            return {}
        if but not in self._found:
            filters = self.answer.filters
            entries = filters.apply(visible(self.scopes), engine.having, but=but)
            kept = set(self.chosen)
            if filters.groups - {but}:
                kept &= set(entries.filter(pk__in=self.chosen).values_list("pk", flat=True))
            self._found[but] = {pk: 0.0 for pk in self.chosen if pk in kept}
            if self.among != []:
                owed = entries if self.among is None else entries.filter(pk__in=self.among)
                newest = self.answer.sort == Sort.NEWEST
                matches = database.matching(self.answer.question, owed.exclude(pk__in=self.chosen), newest=newest)
                self._found[but] |= {match.pk: match.score for match in matches}
        return self._found[but]

    def hits(self, start: int, stop: int) -> list[Hit]:
        """Those that belong on this page of results."""
        scores = dict(list(self.matches().items())[start:stop])
        return _hits(scores, self.scopes, self.chosen) if scores else []

    def facets(self) -> dict[str, Counts]:
        """What they count for in each facet; nothing where there are none."""
        found: dict[str, Counts] = {}
        together = [name for name in ("kind", "year") if name not in self.answer.filters.groups]
        if together and self.matches():
            entries = Entry.objects.filter(pk__in=self.matches())
            found = dict(zip(together, database.plain_counts(entries, together), strict=True))
        for name, column in FACETS.items():
            matches = self.matches(name if name in self.answer.filters.groups else "")
            if matches and name not in found:
                found[name] = database.counts(Entry.objects.filter(pk__in=matches), column)
        return found


def _list(answer: SearchAnswer, scopes: frozenset[str], per_page: int) -> None:
    """Everything that the filters leave, newest first: no words, so the database knows it all."""
    answer.sort = Sort.NEWEST

    def left(but: str = "") -> QuerySet[Entry]:
        return answer.filters.apply(visible(scopes).findable(), engine.having, but=but)  # type: ignore[attr-defined]

    entries = left()
    answer.total = entries.count()
    if not answer.total:
        answer.wider = {name: left(name).count() for name in sorted(answer.filters.groups)}
    answer.page = _clamp(answer.page, answer.total, per_page)
    start = (answer.page - 1) * per_page
    answer.hits = [Hit(row) for row in entries.order_by("-date", "title", "pk")[start : start + per_page]]
    for name, column in FACETS.items():
        answer.facets[name] = database.counts(left(name), column)


def _engine_query(backend: Any, question: Question) -> Any:
    """Any of the words or what else will do, what has all of a short question first; quoted phrases must be there."""
    asked: Any = PlainText(question.plain, operator="or")
    others = [_instead(other) for other in question.alternatives]
    is_first_by_itself = engine.puts_all_words_first(backend) and not others
    everything: Any = PlainText(" ".join(word for part in question.parts for word in part.words), operator="and")
    if others:
        everything = And([_said(part) for part in question.parts])
        asked = Or([asked, *others])
    if question.is_short and len(question.parts) > 1 and not is_first_by_itself:
        asked = Or([engine.weighed(everything, weights.ALL_WORDS_BOOST), asked])
    if question.phrases:
        asked = And([*(Phrase(phrase) for phrase in question.phrases), asked])
    return asked


def _said(part: Part) -> Any:
    """Everything in which a part of a question may be said."""
    itself = PlainText(" ".join(part.words), operator="and")
    return Or([itself, *map(_instead, part.others)]) if part.others else itself


def _instead(other: Alternative) -> Any:
    query = Phrase(other.text) if " " in other.text else PlainText(other.text, operator="and")
    return engine.weighed(query, other.share)


def _lead_on(answer: SearchAnswer, scopes: frozenset[str]) -> None:
    """Nothing was found: what else could be tried. Every number and word in it is one this viewer may know."""

    def total(text: str) -> int:
        question = synonyms.extended(words.ask(text), answer.steering.synonyms)
        other = SearchAnswer(question, Filters(), answer.vocabulary, steering=answer.steering)
        counter: Callable[..., None] = _ask_database if answer.from_database else _ask_engine
        counter(other, scopes, 1)
        return other.total

    try:
        if answer.filters.any:
            answer.unfiltered_total = total(answer.question.text)
    except Exception as error:  # these are courtesies: without them, the page still says what to do
        report(error)
    if not answer.unfiltered_total:
        answer.suggestion = _spelt(answer, scopes, total)


def _spelt(answer: SearchAnswer, scopes: frozenset[str], total: Callable[[str], int]) -> str:
    """The question as it may have been meant, if it has words that the viewer finds nowhere."""
    try:
        return spelling.did_you_mean(answer.question, visible(scopes), total, owed=answer.owed)
    except Exception as error:
        report(error)
        return ""


def may_see(row: Entry, scopes: frozenset[str]) -> bool:
    """Whether this row, as the database has it now, is for holders of `scopes`."""
    return not row.is_deleted and row.scope in scopes


def _clamp(page: int, total: int, per_page: int) -> int:
    return min(page, max(1, -(-total // per_page)))


def report(error: BaseException) -> None:
    """Note that the index failed, and have it mended. Never raises: the answer to the question comes first."""
    try:
        if queue.record_failure(error, needs_rebuild=engine.is_ill(error)):
            with transaction.atomic():
                tasks.sync_index.enqueue()  # once: the worker builds it afresh
    except Exception:  # then whoever settles next finds that it has to be rebuilt
        logger.exception("Nobody could be asked to mend the search index")

"""Where to go from a question that finds nothing: the nearest topics, and people who know about them.

Everything comes from entries that the viewer may find, counts included. Of the vocabularies only
what at least one such entry carries is named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet
from rapidfuzz import fuzz, process

from hub.accounts.rules import Viewer
from hub.taxonomy.models import TopicSynonym
from search.backends.whoosh import analysis
from search.domain import engine
from search.domain.filters import Term
from search.domain.query import Hit, SearchAnswer, visible
from search.domain.rows import NOTHING, Row, row
from search.enums import Kind
from search.models import Entry
from search.registry import Place
from search.rules import scopes_of

MOST_TOPICS = 6
MOST_PEOPLE = 3
NEARNESS = 74  # of 100, between a word of the question and a word of a name; lower ones merely look alike
SHORTEST = 4


@dataclass(frozen=True, slots=True)
class TopicLead:
    """A topic, and how many things about it the viewer may find."""

    pk: int
    slug: str
    name: str
    number: int


@dataclass(frozen=True, slots=True)
class Leads:
    """What to try next. `are_near` says whether the topics have to do with the question, or are the largest."""

    topics: list[TopicLead] = field(default_factory=list)
    are_near: bool = False
    people: list[Row] = field(default_factory=list)
    why: str = ""


def leads(answer: SearchAnswer, *, viewer: Viewer, place: Place | None) -> Leads:
    """The leads for a question without results. Four queries at most."""
    entries = visible(scopes_of(viewer)).findable()  # type: ignore[attr-defined]
    counted = _topics(entries)
    near = _near(answer.question.words, counted)
    chosen = [term.pk for term in answer.filters.topic if term.pk in counted]
    wanted = list(dict.fromkeys([*chosen, *near]))[:MOST_TOPICS]
    largest = sorted(counted, key=lambda pk: (-counted[pk].number, counted[pk].name))
    people, why = _people(entries, [counted[pk] for pk in wanted], answer, viewer, place)
    return Leads(
        topics=[counted[pk] for pk in wanted or largest[:MOST_TOPICS]],
        are_near=bool(wanted),
        people=[row(Hit(person), NOTHING, answer.vocabulary) for person in people],
        why=why,
    )


def _topics(entries: QuerySet[Entry]) -> dict[int, TopicLead]:
    rows = (
        entries.exclude(kind=Kind.TOPIC)
        .filter(topics__isnull=False)
        .order_by()
        .values_list("topics__pk", "topics__slug", "topics__name")
        .annotate(number=Count("pk"))
    )
    return {pk: TopicLead(pk, slug, name, number) for pk, slug, name, number in rows}


def _near(said: Iterable[str], topics: dict[int, TopicLead]) -> list[int]:
    """The topics with a name or synonym that has a word much like one of the question's, nearest first."""
    said = [word for word in said if len(word) >= SHORTEST]
    if not said or not topics:
        return []
    names = [(pk, topic.name) for pk, topic in topics.items()]
    names += TopicSynonym.objects.filter(topic__in=topics).values_list("topic_id", "name")
    pks: dict[str, set[int]] = {}
    for pk, name in names:
        for word in analysis.words(name):
            if len(word) >= SHORTEST:
                pks.setdefault(word, set()).add(pk)
    best: dict[int, float] = {}
    for word in said:
        for known, score, _ in process.extract(word, list(pks), scorer=fuzz.ratio, score_cutoff=NEARNESS, limit=None):
            for pk in pks[known]:
                best[pk] = max(best.get(pk, 0.0), score)
    return sorted(best, key=lambda pk: (-best[pk], topics[pk].name))


def _people(
    entries: QuerySet[Entry], topics: list[TopicLead], answer: SearchAnswer, viewer: Viewer, place: Place | None
) -> tuple[list[Entry], str]:
    """People who know about the topics, else people who do what was chosen, or what the viewer does; and why they."""
    people = entries.filter(kind=Kind.PERSON)
    if viewer is not None and viewer.is_authenticated:
        people = people.exclude(owner_id=viewer.pk)
    chosen = answer.filters
    own = answer.vocabulary.function.get(place.function or 0) if place else None
    ways: list[tuple[Q, str]] = []
    if topics:
        ways.append((engine.having("topics", topics), "They know about it"))
    if chosen.function or chosen.industry:
        ways.append((_doing(chosen.function, chosen.industry), "They work where you were looking"))
    elif own:
        ways.append((_doing([own], []), "They do what you do"))
    for condition, why in ways:
        found = list(people.filter(condition).order_by("-date", "title", "pk")[:MOST_PEOPLE])
        if found:
            return found, why
    return [], ""


def _doing(functions: list[Term], industries: list[Term]) -> Q:
    halves = [("functions", functions), ("industries", industries)]
    condition = Q()
    for relation, terms in halves:
        if terms:
            condition &= engine.having(relation, terms)
    return condition

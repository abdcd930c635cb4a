"""A compiled query, and how it is answered from the index.

A plan is a tree. Every node gives, for one segment, the documents that match with what they score;
a filter node gives the documents alone. Scoring goes term by term, adding up in a dictionary: that
is several times faster in Python than Whoosh's document-by-document evaluation, gives exact totals
for nothing, and has none of the special cases that make Whoosh lose matches (`And` with `Every`,
`DisjunctionMax`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple

from . import scoring
from .segments import Segment, Snapshot, within

Scores = dict[int, float]


class Part(NamedTuple):
    """One term in one field, and how much a match there counts."""

    field: str
    term: str
    weight: float


class Node:
    """Something that documents match or do not."""

    def scores(self, snapshot: Snapshot, segment: Segment) -> Scores:
        """The matching documents of a segment and what each scores. May include deleted documents."""
        raise NotImplementedError

    def highest(self, snapshot: Snapshot) -> float:
        """A score that no document can exceed."""
        return 1.0


@dataclass(frozen=True)
class Everything(Node):
    """Every document, all alike."""

    score: float = 1.0

    def scores(self, snapshot: Snapshot, segment: Segment) -> Scores:
        return dict.fromkeys(range(segment.size), self.score)


@dataclass(frozen=True)
class Nothing(Node):
    """No document."""

    def scores(self, snapshot: Snapshot, segment: Segment) -> Scores:
        return {}

    def highest(self, snapshot: Snapshot) -> float:
        return 0.0


@dataclass(frozen=True)
class Words(Node):
    """Documents with any of some terms: one word of a query in all the fields it is looked up in.

    `is_one_word` says that the terms of a field are forms of one word, which is as rare as the most frequent of them.
    """

    parts: tuple[Part, ...]
    is_one_word: bool = False

    def _frequencies(self, snapshot: Snapshot) -> list[int]:
        found = [snapshot.document_frequency(part.field, part.term) for part in self.parts]
        if not self.is_one_word:
            return found
        most: dict[str, int] = {}
        for part, frequency in zip(self.parts, found, strict=True):
            most[part.field] = max(frequency, most.get(part.field, 0))
        return [most[part.field] for part in self.parts]

    def highest(self, snapshot: Snapshot) -> float:
        frequencies = self._frequencies(snapshot)
        return sum(
            part.weight * scoring.idf(snapshot.size, frequency)
            for part, frequency in zip(self.parts, frequencies, strict=True)
        )

    def scores(self, snapshot: Snapshot, segment: Segment) -> Scores:
        scores: Scores = {}
        for part, frequency in zip(self.parts, self._frequencies(snapshot), strict=True):
            if frequency:
                documents, counts = segment.postings(part.field, part.term)
                factor = part.weight * scoring.idf(snapshot.size, frequency)
                _add_bm25(scores, documents, counts, factor, part.field, snapshot, segment)
        return scores


def _add_bm25(
    scores: Scores,
    documents: Sequence[int],
    counts: Iterable[float],
    factor: float,
    field: str,
    snapshot: Snapshot,
    segment: Segment,
) -> None:
    norms = scoring.length_norms(snapshot.average_length(field))
    lengths = segment.lengths(field)
    get = scores.get
    for document, count in zip(documents, counts, strict=True):
        scores[document] = get(document, 0.0) + factor * count / (count + norms[lengths[document]])


@dataclass(frozen=True)
class Phrase(Node):
    """Documents in which words follow each other, in any of some fields."""

    fields: tuple[tuple[str, float], ...]
    words: tuple[str, ...]
    weight: float = 1.0

    def scores(self, snapshot: Snapshot, segment: Segment) -> Scores:
        scores: Scores = {}
        for field, weight in self.fields:
            counts = self._occurrences(field, segment)
            documents = list(counts)
            rarity = sum(
                scoring.idf(snapshot.size, snapshot.document_frequency(field, word)) for word in set(self.words)
            )
            factor = weight * self.weight * rarity
            _add_bm25(scores, documents, counts.values(), factor, field, snapshot, segment)
        return scores

    def _occurrences(self, field: str, segment: Segment) -> dict[int, float]:
        different = sorted(set(self.words), key=lambda word: segment.document_frequency(field, word))
        candidates = set(segment.documents(field, different[0]))
        for word in different[1:]:
            candidates.intersection_update(segment.documents(field, word))
        positions = {word: segment.positions(field, word, candidates) for word in different}
        found: dict[int, float] = {}
        for document in candidates:
            starts = set(positions[self.words[0]][document])
            for offset, word in enumerate(self.words[1:], start=1):
                starts &= {place - offset for place in positions[word][document]}
            if starts:
                found[document] = float(len(starts))
        return found


@dataclass(frozen=True)
class Similar(Node):
    """Documents with a word, or one spelt nearly so, in any of some fields."""

    fields: tuple[tuple[str, float], ...]
    word: str
    weight: float = 1.0

    def scores(self, snapshot: Snapshot, segment: Segment) -> Scores:
        scores: Scores = {}
        for field, weight in self.fields:
            spellings = near_spellings(snapshot, field, self.word)
            parts = tuple(
                Part(field, term, weight * self.weight * scoring.FUZZY_SHARE**distance)
                for term, distance in spellings.items()
            )
            for document, score in Words(parts, is_one_word=True).scores(snapshot, segment).items():
                scores[document] = scores.get(document, 0.0) + score
        return scores


def near_spellings(snapshot: Snapshot, field: str, word: str, others: Iterable[str] = ()) -> dict[str, int]:
    """The terms of a field, and of `others`, that are the word or nearly, each with the number of letters between.

    Short words have too many neighbours to allow much: none under three letters, one under six, then two.
    """
    allowed = 0 if len(word) < 3 else 1 if len(word) < 6 else 2
    found: dict[str, int] = {word: 0} if snapshot.document_frequency(field, word) else {}
    for distance in range(1, allowed + 1):
        near = snapshot.terms_within(field, word, distance, prefix=1)
        for term in near | within(others, word, distance, prefix=1):
            found.setdefault(term, distance)
    return found


@dataclass(frozen=True)
class AllOf(Node):
    """Documents that match every node."""

    nodes: tuple[Node, ...]

    def highest(self, snapshot: Snapshot) -> float:
        return sum(node.highest(snapshot) for node in self.nodes)

    def scores(self, snapshot: Snapshot, segment: Segment) -> Scores:
        results = sorted((node.scores(snapshot, segment) for node in self.nodes), key=len)
        if not results or not results[0]:
            return {}
        matching = reduce(lambda kept, scores: kept & scores.keys(), results[1:], set(results[0]))
        return {document: sum(scores[document] for scores in results) for document in matching}


@dataclass(frozen=True)
class AnyOf(Node):
    """Documents that match at least one node; with `all_first`, those that match every node come before the rest."""

    nodes: tuple[Node, ...]
    all_first: bool = False

    def highest(self, snapshot: Snapshot) -> float:
        return sum(node.highest(snapshot) for node in self.nodes)

    def scores(self, snapshot: Snapshot, segment: Segment) -> Scores:
        nodes = _most_telling(self.nodes, snapshot)
        results = sorted((node.scores(snapshot, segment) for node in nodes), key=len, reverse=True)
        if not results:
            return {}
        scores = results[0].copy()
        get = scores.get
        for result in results[1:]:
            for document, score in result.items():
                scores[document] = get(document, 0.0) + score
        if self.all_first and len(results) > 1:
            everywhere = reduce(lambda kept, result: kept & result.keys(), results[:-1], set(results[-1]))
            for document in everywhere:
                scores[document] += scoring.HEAD_START
        return scores


def _most_telling(nodes: tuple[Node, ...], snapshot: Snapshot) -> Iterable[Node]:
    """The nodes; of very many, those that fewer documents match and that therefore say more."""
    if len(nodes) <= scoring.MOST_WORDS_SCORED:
        return nodes
    return sorted(nodes, key=lambda node: -node.highest(snapshot))[: scoring.MOST_WORDS_SCORED]


@dataclass(frozen=True)
class Favouring(Node):
    """Documents that match a node; those that match another one as well score that on top."""

    node: Node
    also: Node

    def highest(self, snapshot: Snapshot) -> float:
        return self.node.highest(snapshot) + self.also.highest(snapshot)

    def scores(self, snapshot: Snapshot, segment: Segment) -> Scores:
        scores, more = self.node.scores(snapshot, segment), self.also.scores(snapshot, segment)
        return {document: score + more.get(document, 0.0) for document, score in scores.items()}


@dataclass(frozen=True)
class Except(Node):
    """Documents that do not match a node, all alike and worth nothing."""

    node: Node

    def highest(self, snapshot: Snapshot) -> float:
        return 0.0

    def scores(self, snapshot: Snapshot, segment: Segment) -> Scores:
        excluded = self.node.scores(snapshot, segment)
        return {document: 0.0 for document in range(segment.size) if document not in excluded}

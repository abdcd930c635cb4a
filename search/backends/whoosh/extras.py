"""What only some engines give: marked words, a better spelling, and the words that tell a text from others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from math import log
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from modelsearch.query import MATCH_ALL, Or, PlainText

from . import analysis, plan, results
from .analysis import Word
from .compiler import QueryCompiler
from .seen import Seen

T = TypeVar("T")

if TYPE_CHECKING:
    from .backend import SearchBackend

#: About the length of a fragment that a result shows.
FRAGMENT_LENGTH = 240
#: So much of a long text is looked through for the best fragment.
LOOKED_THROUGH = 100_000
#: Shorter words are more often right than wrong.
SHORTEST_CORRECTED = 4
#: A query with more unknown words than this is no slip of the fingers, and each costs time.
MOST_CORRECTED = 6
#: Near words given for one word; a word with more of them is no misspelt name.
MOST_NEAR = 3

#: So much of a text is read, and so many of its words are weighed, for those that tell it from others.
TOLD_FROM = 12_000
MOST_WEIGHED = 120
MOST_TELLING = 12
#: So few documents may share a word however small the index is: in a young one half of them are not many.
FEW = 10

ELLIPSIS = "…"


def highlight(text: str, query: str, *, language: str = "en", length: int | None = FRAGMENT_LENGTH) -> SafeString:
    """The part of a text that says most about a query, its words in `<mark>`, everything else escaped.

    With `length=None` the whole text, for titles. Where no word occurs, the beginning of the text.
    """
    text = text[:LOOKED_THROUGH]
    tongue = analysis.language(language)
    words = analysis.query_words(query)
    wanted = set(tongue.stems(tongue.content_words(words) or words))
    found = [word for word in analysis.located_words(text) if tongue.stem(word.text) in wanted]
    start, end = (0, len(text)) if length is None else _best_part(text, found, tongue, length)
    pieces = [ELLIPSIS] if start > 0 else []
    place = start
    for word in found:
        # Pairs of letters in a script without spaces overlap; the second begins inside the first.
        begin = max(word.start, place)
        if word.start < start or word.end > end or begin >= word.end:
            continue
        pieces += [escape(text[place:begin]), "<mark>", escape(text[begin : word.end]), "</mark>"]
        place = word.end
    pieces.append(escape(text[place:end]))
    if end < len(text):
        pieces.append(ELLIPSIS)
    return mark_safe("".join(pieces).replace("</mark><mark>", ""))  # every piece of the text was escaped


def _best_part(text: str, found: list[Word], tongue: analysis.Language, length: int) -> tuple[int, int]:
    """From where to where the text holds the most different words of the query, cut between words."""
    if len(text) <= length:
        return 0, len(text)
    best, most = 0, (0, 0)
    for number, first in enumerate(found):
        inside = []
        for word in found[number:]:
            if word.end > first.start + length:
                break
            inside.append(tongue.stem(word.text))
        score = (len(set(inside)), len(inside))
        if score > most:
            best, most = first.start, score
    # Some words before the first match, for the sense of it.
    start = max(0, min(best - length // 5, len(text) - length))
    end = start + length
    if start:
        cut = text.find(" ", start, best or None)
        start = cut + 1 if cut >= 0 else start
    if end < len(text):
        cut = text.rfind(" ", start + length // 2, end + 1)
        end = cut if cut > 0 else end
    return start, end


def suggest(
    backend: SearchBackend, text: str, model_or_queryset: type[Model] | QuerySet[Model], known: Mapping[str, int]
) -> str | None:
    """The query with the words that occur nowhere replaced by the nearest ones that do, if there are any.

    Only documents that the queryset allows are looked at, and `known` words: none from elsewhere is ever suggested.
    """

    def corrected(seen: Seen) -> str | None:
        return _corrected(_Speller(seen, analysis.language(backend.language), known), text)

    return _among(backend, model_or_queryset, corrected, lambda: None)


def near_words(
    backend: SearchBackend,
    words: Iterable[str],
    model_or_queryset: type[Model] | QuerySet[Model],
    fields: Iterable[str],
) -> dict[str, list[str]]:
    """For each word the stems, one letter from its own, in some search fields of documents that the queryset allows.

    The most frequent first, at most `MOST_NEAR` of each; words without any are left out.
    """
    columns = [f"f.{field}" for field in fields]
    tongue = analysis.language(backend.language)

    def near(seen: Seen) -> dict[str, list[str]]:
        speller = _Speller(seen, tongue)
        found = {word: speller.neighbours(tongue.stem(word), columns) for word in words}
        return {word: stems for word, stems in found.items() if stems}

    return _among(backend, model_or_queryset, near, dict)


def similar(
    backend: SearchBackend,
    pk: Any,
    texts: Iterable[tuple[str, int]],
    model_or_queryset: type[Model] | QuerySet[Model],
    *,
    language: str = "en",
    share: float = 0.2,
) -> list[Any] | None:
    """The keys of documents with the words that tell one of them from the others, best first; None if it is unknown.

    `texts` are those of the document itself, each with how much its words count. Close enough is what scores `share`
    of what it scores itself. What the queryset does not allow changes nothing: not which words tell, not a score.
    """
    queryset = _queryset(model_or_queryset)
    tongue = analysis.language(language)

    def close(seen: Seen) -> list[Any] | None:
        compiler = QueryCompiler(queryset, Or([PlainText(word) for word in _telling(seen, texts, tongue)]))
        node = compiler.compile(analysis.Languages(tongue))
        outcome = results.Outcome(seen, node, compiler.compile_filters(), queryset.model)
        own = outcome.score_of(pk)
        return None if own is None else [other for other, _ in outcome.scoring(own * share) if other != pk]

    return _among(backend, queryset, close, lambda: None)


def _telling(seen: Seen, texts: Iterable[tuple[str, int]], tongue: analysis.Language) -> list[str]:
    """The words that tell texts from the documents that are seen, the best first.

    A word that no other document has leads nowhere, and one that more than half of them have says nothing.
    """
    counts: Counter[str] = Counter()
    spelt: dict[str, str] = {}
    for text, share in texts:
        for word in tongue.content_words(analysis.words(text[:TOLD_FROM])):
            if (len(word) > 2 and not word.isdigit()) or not word.isascii():
                stem = tongue.stem(word)
                counts[stem] += share
                spelt.setdefault(stem, word)
    worth: dict[str, float] = {}
    for stem, count in counts.most_common(MOST_WEIGHED):
        found = seen.document_frequency("text", stem)
        if 1 < found <= max(FEW, seen.size / 2):
            worth[stem] = (1 + log(count)) * log(1 + seen.size / found)
    return [spelt[stem] for stem in sorted(worth, key=lambda stem: (-worth[stem], stem))[:MOST_TELLING]]


def _queryset(model_or_queryset: type[Model] | QuerySet[Model]) -> QuerySet[Model]:
    return model_or_queryset if isinstance(model_or_queryset, QuerySet) else model_or_queryset._default_manager.all()


def _among(
    backend: SearchBackend,
    model_or_queryset: type[Model] | QuerySet[Model],
    question: Callable[[Seen], T],
    nothing: Callable[[], T],
) -> T:
    """The answer to a question about the documents that a queryset allows, as if there were no others."""
    queryset = _queryset(model_or_queryset)
    condition = QueryCompiler(queryset, MATCH_ALL).compile_filters()
    index = backend.get_index_for_model(queryset.model)
    return index.read(lambda snapshot: question(Seen(snapshot, condition)), nothing)


def _corrected(speller: _Speller, text: str) -> str | None:
    pieces, place, kept = [], 0, set(analysis.query_words(text))
    text = text[: analysis.LONGEST_QUERY]
    for word in analysis.located_words(text):
        better = speller.better(word.text) if word.text in kept and word.start >= place else None
        if better is not None:
            pieces += [text[place : word.start], better]
            place = word.end
    return "".join([*pieces, text[place:]]) if pieces else None


class _Speller:
    """Knows the words of the documents that may be seen, and others that it is told."""

    def __init__(self, seen: Seen, tongue: analysis.Language, known: Mapping[str, int] | None = None) -> None:
        self.seen = seen
        self.tongue = tongue
        self.told = dict(known or {})
        self.told_stems = {tongue.stem(word) for word in self.told}
        self.looked_for = 0

    def count(self, word: str) -> int:
        """In how many documents a word occurs."""
        return self.seen.document_frequency("exact", word) + self.told.get(word, 0)

    def better(self, word: str) -> str | None:
        """The nearest known word, when this one is not known; of equally near ones the most frequent."""
        if len(word) < SHORTEST_CORRECTED or word in self.tongue.stop_words or not word.isalpha():
            return None
        stem = self.tongue.stem(word)
        if self.count(word) or self.seen.document_frequency("text", stem) or stem in self.told_stems:
            return None
        self.looked_for += 1
        if self.looked_for > MOST_CORRECTED:
            return None
        near = plan.near_spellings(self.seen, "exact", word, self.told)
        near |= dict.fromkeys(_swapped(word), 1)
        candidates = [(distance, -count, term) for term, distance in near.items() if (count := self.count(term))]
        return min(candidates)[2] if candidates else None

    def neighbours(self, stem: str, fields: list[str]) -> list[str]:
        """The stems in some fields of the documents that are one slip from this one, the most frequent first."""
        counts: Counter[str] = Counter()
        for field in fields:
            near = self.seen.terms_within(field, stem, 1, prefix=1) | set(_swapped(stem))
            for term in near - {stem}:
                counts[term] += self.seen.document_frequency(field, term)
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return [term for term, count in ranked if count][:MOST_NEAR]


def _swapped(word: str) -> list[str]:
    """The word with each two neighbouring letters exchanged, the commonest slip of all."""
    return [f"{word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}" for at in range(len(word) - 1)]

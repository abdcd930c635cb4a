"""Text that is made up but shaped like real text, and questions about it; the same ones in every run.

Words follow Zipf's law as flattened by Mandelbrot, over 30,000 invented words with English endings,
between real English stop words at their usual share. The commonest words stand in most documents, as
they do in real collections; half of the vocabulary hardly occurs.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate

from benchmarks.search_hub import Item

WORDS = 30_000
TOPICS = 40
FUNCTIONS = INDUSTRIES = 8
KINDS = {"practice": 45, "session": 25, "report": 10, "page": 8, "person": 12}
SCOPES = {"public": 60, "members": 30, "leaders": 5, "staff": 5}
#: The commonest words of English in their usual proportions: between them, about two words in five.
STOP_WORDS = {
    "the": 60, "of": 30, "and": 28, "to": 26, "a": 23, "in": 20, "is": 11, "that": 10, "for": 9, "it": 9, "was": 8,
    "on": 7, "with": 7, "as": 6, "be": 6, "at": 5, "by": 5, "this": 5, "from": 4, "are": 4, "not": 4, "we": 4,
}  # fmt: skip
STOP_SHARE = 0.4
LAST_DAY = date(2026, 6, 30)
_ENDINGS = ("", "", "", "", "s", "s", "ing", "ed", "er", "ment", "ation", "al", "ly", "ness", "able")
_ONSETS = [*"bcdfghjklmnprstvw", "br", "cl", "cr", "dr", "fl", "gr", "pl", "pr", "sk", "sl", "st", "tr", "th"]
_NUCLEI = [*"aeiou", "ai", "ea", "ou"]
_CODAS = ["", "", "l", "m", "n", "r", "s", "t", "nd", "rk", "st"]


@lru_cache(maxsize=1)
def vocabulary() -> tuple[str, ...]:
    """The words, commonest first; common ones are shorter, and none of them is English by intent."""
    draw = random.Random(2)
    found: dict[str, None] = {}
    while len(found) < WORDS:
        syllables = draw.choice((1, 2, 2)) if len(found) < 500 else draw.choice((2, 2, 3, 3, 4))
        stem = "".join(draw.choice(_ONSETS) + draw.choice(_NUCLEI) + draw.choice(_CODAS) for _ in range(syllables))
        word = stem + draw.choice(_ENDINGS)
        if len(word) > 3:
            found[word] = None
    return tuple(found)


@lru_cache(maxsize=1)
def _weights() -> list[float]:
    """Cumulated frequencies by Zipf and Mandelbrot: one over (rank + 10)."""
    return list(accumulate(1 / (rank + 10) for rank in range(WORDS)))


class Corpus:
    """So many documents, and questions that people who know them could ask."""

    def __init__(self, size: int, seed: int = 7) -> None:
        self.size = size
        self._draw = random.Random(seed)
        self.items = [self.item() for _ in range(size)]

    def _words(self, number: int, *, stop_words: bool = True) -> list[str]:
        draw = self._draw
        words = draw.choices(vocabulary(), cum_weights=_weights(), k=number)
        if stop_words:
            spoken = iter(draw.choices(list(STOP_WORDS), weights=list(STOP_WORDS.values()), k=number))
            words = [next(spoken) if draw.random() < STOP_SHARE else word for word in words]
        return words

    def item(self) -> Item:
        """One more document: a title of six words or so, a gist, and a text of about 250 words."""
        draw = self._draw
        length = min(int(draw.lognormvariate(5.4, 0.6)), 3_000)
        return Item(
            title=" ".join(self._words(draw.randint(4, 9))).capitalize(),
            summary=" ".join(self._words(draw.randint(15, 40))).capitalize() + ".",
            text=" ".join(self._words(length)) + ".",
            kind=draw.choices(list(KINDS), weights=list(KINDS.values()))[0],
            scope=draw.choices(list(SCOPES), weights=list(SCOPES.values()))[0],
            day=LAST_DAY - timedelta(days=int(draw.random() ** 2 * 3_000)),
            topics=tuple({int(TOPICS * draw.random() ** 2) for _ in range(draw.randint(0, 3))}),
            functions=(draw.randrange(FUNCTIONS),),
            industries=(draw.randrange(INDUSTRIES),) if draw.random() < 0.8 else (),
        )

    def commonest(self, number: int) -> list[str]:
        """The words that stand in most documents, stop words left out."""
        counts: Counter[str] = Counter()
        for item in self.items[:2_000]:
            counts.update(set(f"{item.title} {item.text}".lower().replace(".", "").split()) - STOP_WORDS.keys())
        return [word for word, _ in counts.most_common(number)]

    def _asked_words(self, number: int) -> list[str]:
        """Words as people ask for them: anything from the commonest to the rare, evenly by magnitude."""
        return [vocabulary()[int(5_000 ** self._draw.random()) - 1] for _ in range(number)]

    def _from_one_document(self, number: int) -> list[str]:
        item = self._draw.choice(self.items)
        words = [word for word in item.text.rstrip(".").split() if word not in STOP_WORDS]
        return self._draw.sample(words, number) if len(words) >= number else self._asked_words(number)

    def _phrase(self) -> str:
        """Two words that follow each other in some document, neither of them a stop word."""
        while True:
            words = self._draw.choice(self.items).text.lower().rstrip(".").split()
            start = self._draw.randrange(max(1, len(words) - 1))
            pair = words[start : start + 2]
            if len(pair) == 2 and STOP_WORDS.keys().isdisjoint(pair):
                return " ".join(pair)

    def _beginning(self) -> str:
        """What stands in the box while somebody types a word of a title."""
        words = [word for word in self._draw.choice(self.items).title.lower().split() if word not in STOP_WORDS]
        word = self._draw.choice(words or ["wel"])
        return word[: self._draw.randint(2, 6)]

    def questions(self, number: int) -> dict[str, list[str]]:
        """So many different questions of every kind."""
        return {
            "term": [self._asked_words(1)[0] for _ in range(number)],
            "or": [" ".join(self._asked_words(3)) for _ in range(number)],
            "and": [" ".join(self._from_one_document(3)) for _ in range(number)],
            "phrase": [self._phrase() for _ in range(number)],
            "autocomplete": [self._beginning() for _ in range(number)],
            "filter": [" ".join(self._asked_words(3)) for _ in range(number)],
            "facets": [" ".join(self._asked_words(3)) for _ in range(number)],
        }

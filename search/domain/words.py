"""What a person typed, as words: taken apart, compared, and marked in what is shown.

Words are cut and stemmed by the Whoosh backend's analysis, whatever engine answers, so that marks,
the database's answer and the index agree about what a word is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from search.backends.whoosh import analysis
from search.domain import weights

LONGEST_QUESTION = 4_000  # characters: more than anybody types, less than anybody could stall us with
MOST_WORDS = 128
MOST_PHRASES = 4
GIST_LENGTH = 240  # characters of the piece of text that is shown when the gist has no word of the query
SENTENCE_WITHIN = 90  # characters before the first match in which its sentence may begin

_SENTENCE_END = re.compile(r"[.!?…:]\s+|\n\s*")
_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff]+")
_QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»]{1,200})[\"“”„«»]")


def squeeze(text: str) -> str:
    """The text on one line: every run of white space and control characters is one space."""
    text = text.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair would reach no database
    return _SPACE.sub(" ", text).strip()


@dataclass(frozen=True, slots=True)
class Alternative:
    """What else will do for a part of a question: a word or a phrase, and how much it counts of the part itself."""

    text: str
    share: float

    @property
    def words(self) -> tuple[str, ...]:
        """Its words."""
        return tuple(self.text.split())


@dataclass(frozen=True, slots=True)
class Part:
    """A word of a question that means something, or a phrase for which something else will do."""

    words: tuple[str, ...]
    others: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class Marks:
    """What is marked in a text: words by their stems, and phrases, whose words mean it only where they stand whole."""

    stems: frozenset[str] = frozenset()
    phrases: tuple[tuple[str, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.stems or self.phrases)


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asked: `text` as shown back to them, `words` to look for, `phrases` from quotation marks.

    A page has all of a question if it has each of the `parts`.
    """

    text: str
    words: tuple[str, ...]
    phrases: tuple[str, ...]
    is_cut: bool = False
    parts: tuple[Part, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for: nothing typed, or nothing that is a word."""
        return not self.words

    @property
    def is_short(self) -> bool:
        """Whether it is so short that all of its words are meant."""
        return len(self.parts) <= weights.ALL_WORDS_FIRST_UP_TO

    @property
    def stems(self) -> frozenset[str]:
        """The stems that count as a match, in the hub's first language."""
        return stems_of(self.words)

    @property
    def alternatives(self) -> tuple[Alternative, ...]:
        """Everything that will do for one part or another, once."""
        return tuple(dict.fromkeys(other for part in self.parts for other in part.others))

    def marks(self, language: str = "en") -> Marks:
        """What is marked in a text of this language: the words and what else will do for them."""
        others = [other.words for other in self.alternatives]
        singles = [words[0] for words in others if len(words) == 1]
        phrases = tuple(words for words in others if len(words) > 1)
        return Marks(stems_of([*self.words, *singles], language), phrases)

    @property
    def plain(self) -> str:
        """The words alone, as they are handed to an engine: no character of it can be an operator."""
        return " ".join(self.words)


def tongues() -> analysis.Languages:
    """The languages that the hub's pages may be in, its own first."""
    first, *others = dict.fromkeys([settings.LANGUAGE_CODE, *(code for code, _ in settings.WAGTAIL_CONTENT_LANGUAGES)])
    return analysis.Languages(analysis.language(first), *map(analysis.language, others))


def ask(typed: str) -> Question:
    """Take apart what somebody typed, whatever it is: any script, any length, operators, control characters.

    A quotation mark without its partner is no quotation, and its words are asked for like the others.
    """
    text = squeeze(typed[: LONGEST_QUESTION * 4])
    is_cut = len(text) > LONGEST_QUESTION or len(typed) > LONGEST_QUESTION * 4
    text = text[:LONGEST_QUESTION].strip()
    quoted = (" ".join(analysis.words(match[1])) for match in _QUOTED.finditer(text))
    phrases = tuple(dict.fromkeys(phrase for phrase in quoted if phrase))[:MOST_PHRASES]
    words = tuple(dict.fromkeys(analysis.words(text)))[: MOST_WORDS + 1]
    is_cut, words = is_cut or len(words) > MOST_WORDS, words[:MOST_WORDS]
    needed, _ = tongues().divided(words)
    return Question(text, words, phrases, is_cut, tuple(Part((word,)) for word in needed or words))


def stems_of(words: Iterable[str], language: str = "en") -> frozenset[str]:
    """The stems of the words that mean something; of all of them if none does ("to be or not to be")."""
    speech = analysis.language(language)
    words = list(words)
    meaning = speech.content_words(words) or words
    return frozenset(speech.stems(meaning))


def content(text: str, language: str = "en") -> list[str]:
    """The words of a text that mean something, in its order."""
    return list(analysis.language(language).content_words(analysis.words(text)))


def marked(text: str, marks: Marks, language: str = "en") -> SafeString:
    """`text` as HTML, everything escaped, with a `<mark>` around each word of `marks`."""
    out, last = [], 0
    for word in _hits(text, marks, language):
        if word.start >= last:
            out += [escape(text[last : word.start]), "<mark>", escape(text[word.start : word.end]), "</mark>"]
            last = word.end
    out.append(escape(text[last:]))
    return mark_safe("".join(out))  # every piece went through escape()


def fragment(text: str, marks: Marks, language: str = "en", length: int = GIST_LENGTH) -> str:
    """The piece of `text` in which most different words of the question stand closest; its beginning if none does."""
    return passage(text, marks, language, length) or _cut(text, 0, length)


def passage(text: str, marks: Marks, language: str = "en", length: int = GIST_LENGTH) -> str:
    """The same, but nothing if no word of the question is in the text."""
    stem = analysis.language(language).stem
    places = [(word.start, stem(word.text)) for word in _hits(text[:100_000], marks, language)]
    if not places:
        return ""
    best, most, low = places[0][0], 0, 0
    for high in range(len(places)):
        while places[high][0] - places[low][0] > length - SENTENCE_WITHIN:
            low += 1
        kinds = len({stem for _, stem in places[low : high + 1]})
        if kinds > most:
            best, most = places[low][0], kinds
    return _cut(text, _beginning(text, best), length)


def _beginning(text: str, place: int) -> int:
    """Where a piece begins that is about `place`: with its sentence, if that begins near, else some words before."""
    start = max(0, place - SENTENCE_WITHIN)
    ends = [match.end() for match in _SENTENCE_END.finditer(text, start, place)]
    if ends or not start:
        return ends[-1] if ends else 0
    space = text.find(" ", max(0, place - 30), place)
    return space + 1 if space >= 0 else place


def _hits(text: str, marks: Marks, language: str) -> Iterator[analysis.Word]:
    stem = analysis.language(language).stem
    spoken = {word for phrase in marks.phrases for word in phrase}
    found = analysis.located_words(text, lambda word: word in spoken or stem(word) in marks.stems)
    if not spoken:
        yield from found
        return
    some = list(found)
    whole = {
        start + offset
        for phrase in marks.phrases
        for start in range(len(some))
        if _says(text, some[start : start + len(phrase)], phrase)
        for offset in range(len(phrase))
    }
    yield from (word for place, word in enumerate(some) if place in whole or stem(word.text) in marks.stems)


def _says(text: str, there: list[analysis.Word], phrase: tuple[str, ...]) -> bool:
    """Whether these words of a text are the phrase, with no other word between."""
    return tuple(word.text for word in there) == phrase and not any(
        analysis.words(text[one.end : next_one.start]) for one, next_one in pairwise(there)
    )


def _cut(text: str, start: int, length: int) -> str:
    """`length` characters from `start`, up to the end of a word, with dots where something was left out."""
    end = start + length
    if end < len(text):
        space = text.rfind(" ", start, end)
        end = space if space > start else end
    return ("… " if start else "") + text[start:end].strip() + (" …" if end < len(text) else "")

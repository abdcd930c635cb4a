"""How text becomes terms, when it is indexed and when it is asked for: the two must never differ.

Everything happens here, before Whoosh sees anything: it is handed lists of finished terms. So no
analyser object is pickled into an index, and no text of a user ever reaches a query parser.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from whoosh.lang import NoStemmer, NoStopWords, stemmer_for_language, stopwords_for_language

from .stopwords import ENGLISH

#: A word longer than this is an identifier or rubbish; its beginning finds it just as well.
LONGEST_WORD = 64
#: The longest beginning of a word that is indexed for autocomplete.
LONGEST_PREFIX = 20
#: A query keeps its first so many different words; more would only cost time.
MOST_QUERY_WORDS = 128
#: So many of them are looked up in other spellings too, each of which walks through the vocabulary.
MOST_FUZZY_WORDS = 16
#: Characters of a query that are looked at, enough for any number of words that are kept.
LONGEST_QUERY = 8_000
#: So many languages of one index are looked up, the most frequent first: each costs every word another look.
MOST_LANGUAGES = 8
#: Stands between two values in one list of terms, so that no phrase runs from one into the next.
BREAK = "\x1f"


def _marks() -> str:
    """The combining marks that belong inside words, as the inside of a character class.

    `\\w` leaves them out, which would cut a Hindi word at every vowel sign.
    """
    blocks = [(0x0300, 0x1AFF), (0x1CD0, 0x1DFF), (0x20D0, 0x20FF), (0x3099, 0x309A), (0xA66F, 0xABFF)]
    return "".join(
        chr(point)
        for first, last in blocks
        for point in range(first, last + 1)
        if unicodedata.category(chr(point)).startswith("M")
    )


# Scripts written without spaces between words: Thai, Lao, Burmese, Khmer, kana and Han.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LETTER = f"(?:[^\\W_]|[{_marks()}])"
_WORD = re.compile(f"(?P<unspaced>[{_UNSPACED}]+)|(?:(?![{_UNSPACED}]){_LETTER})+")
_ACCENTS = re.compile("[\u0300-\u036f]")
# Text of Latin letters, signs and punctuation, in which a word is a run of letters and digits: nearly every
# text there is, and seven times faster to take apart.
_PLAIN_TEXT = re.compile("[\x00-\u02ff\u2000-\u20cf\u2100-\u2bff]*")
_PLAIN_WORD = re.compile("[^\\W_]+")


class Word(NamedTuple):
    """A word as it is indexed, and where it stood in the text."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=100_000)
def _fold(word: str) -> str:
    """The word without case, accents and width: how it is compared."""
    if word.isascii():
        return word.lower()[:LONGEST_WORD]
    folded = unicodedata.normalize("NFKD", word).casefold()
    folded = unicodedata.normalize("NFC", _ACCENTS.sub("", folded))
    return "".join(match.group() for match in _WORD.finditer(folded))[:LONGEST_WORD]


def located_words(text: str, wanted: Callable[[str], bool] = bool) -> Iterator[Word]:
    """The wanted words of a text with their places; a script without spaces gives overlapping pairs.

    Whether a word is wanted is asked once, however often it occurs.
    """
    if _PLAIN_TEXT.fullmatch(text):
        kept = {word: folded for word in set(_PLAIN_WORD.findall(text)) if wanted(folded := _fold(word))}
        for match in _PLAIN_WORD.finditer(text) if kept else ():
            if (word := match.group()) in kept:
                yield Word(kept[word], *match.span())
        return
    for match in _WORD.finditer(text):
        start, end = match.span()
        if match["unspaced"] is None:
            folded = _fold(match.group())
            if folded and wanted(folded):
                yield Word(folded, start, end)
            continue
        for place in range(start, max(start + 1, end - 1)):
            folded = _fold(text[place : place + 2] if end - start > 1 else text[place])
            if folded and wanted(folded):
                yield Word(folded, place, min(place + 2, end))


def words(text: str) -> list[str]:
    """The words of a text, folded, in order."""
    if _PLAIN_TEXT.fullmatch(text):
        return list(filter(None, map(_fold, _PLAIN_WORD.findall(text))))
    return [word.text for word in located_words(text)]


def query_words(text: str) -> list[str]:
    """The words of a query, at most `MOST_QUERY_WORDS` different ones, whatever was typed."""
    kept: list[str] = []
    seen: set[str] = set()
    for word in words(text[:LONGEST_QUERY]):
        if word not in seen and len(seen) == MOST_QUERY_WORDS:
            continue
        seen.add(word)
        kept.append(word)
    return kept


def prefixes(terms: Iterable[str]) -> list[str]:
    """Every beginning of every word, once: what autocomplete looks up."""
    found = {term[:size] for term in terms for size in range(1, min(len(term), LONGEST_PREFIX) + 1)}
    return sorted(found)


class Language:
    """The stems and stop words of one language; an unknown one has neither."""

    def __init__(self, code: str) -> None:
        self.code = code.replace("_", "-").split("-")[0].lower()
        self.stop_words: frozenset[str] = ENGLISH if self.code == "en" else self._listed_stop_words()
        self.stem: Callable[[str], str] = lru_cache(maxsize=100_000)(self._stemmer())

    def _listed_stop_words(self) -> frozenset[str]:
        try:
            return frozenset(_fold(word) for word in stopwords_for_language(self.code))
        except NoStopWords:
            return frozenset()

    def _stemmer(self) -> Callable[[str], str]:
        try:
            stem = stemmer_for_language(self.code)
        except NoStemmer:
            return str

        def stem_or_keep(word: str) -> str:
            # The Snowball stemmers were written for words, and some fail on numbers mixed with letters.
            try:
                return stem(word) or word
            except (IndexError, ValueError):
                return word

        return stem_or_keep

    def content_words(self, terms: Iterable[str]) -> list[str]:
        """The words that are not stop words."""
        return [term for term in terms if term not in self.stop_words]

    def stems(self, terms: Iterable[str]) -> list[str]:
        """The stem of each word."""
        return [self.stem(term) for term in terms]


@lru_cache(maxsize=32)
def language(code: str) -> Language:
    """The language with this code; stems are remembered for the life of the process."""
    return Language(code)


class Languages:
    """The languages of the documents in one index, the engine's own first: a word of a question may be of any.

    Each document is stemmed in its own language, so a word of a question is looked up as each of them
    stems it. Where they agree, and where there is one language only, that is a single look.
    """

    def __init__(self, first: Language, *others: Language) -> None:
        self.first = first
        self.all = tuple({tongue.code: tongue for tongue in (first, *others)}.values())[:MOST_LANGUAGES]

    def stems(self, word: str) -> tuple[str, ...]:
        """The word as it may stand in a document, in any language; the engine's own first."""
        return tuple(dict.fromkeys(tongue.stem(word) for tongue in self.all))

    def divided(self, terms: Iterable[str]) -> tuple[list[str], list[str]]:
        """The words that mean something in every language, and those that do in some only ("die").

        A document lacks the stop words of its language, so only the former can be demanded of all.
        """
        needed: list[str] = []
        optional: list[str] = []
        for term in terms:
            stopped = sum(term in tongue.stop_words for tongue in self.all)
            if stopped < len(self.all):
                (optional if stopped else needed).append(term)
        return needed, optional

"""Words that staff say mean the same: alternatives to what was asked, counting less than it.

They are put into the question, never into the index: a new group works at once and on every engine, and
as the viewer's scopes filter the question as a whole, it finds nobody anything they may not see.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from search.backends.whoosh import analysis
from search.domain import weights
from search.domain.words import MOST_WORDS, Alternative, Part, Question
from search.models.steering import listed

MOST_ALTERNATIVES = 8  # for one part of a question; each costs the engine another look

Stems = tuple[str, ...]


def extended(question: Question, synonyms: Sequence[tuple[str, str]]) -> Question:
    """The question with the synonyms of its words and phrases, as far as there are any.

    The longest phrase counts: in "remote work", a synonym of "remote work" is one, and those of "work" are none.
    """
    if not synonyms or question.is_empty:
        return question
    known = _by_stems(synonyms)
    if not known:
        return question
    meaning = {word for part in question.parts for word in part.words}
    parts = tuple(
        part for part in _parts(question, known) if part.others or any(word in meaning for word in part.words)
    )
    return replace(question, parts=parts) if any(part.others for part in parts) else question


def _by_stems(synonyms: Sequence[tuple[str, str]]) -> dict[tuple[str, Stems], list[str]]:
    """What else will do, by the language and stems of what is said."""
    found: dict[tuple[str, Stems], list[str]] = {}
    for words, language in synonyms:
        members = _members(words, language)
        for _, stems in members:
            others = found.setdefault((language, stems), [])
            others += [other for other, its_stems in members if its_stems != stems and other not in others]
    return found


@lru_cache(maxsize=2_000)
def _members(words: str, language: str) -> tuple[tuple[str, Stems], ...]:
    """The members of a group, each as its words and their stems."""
    said = (analysis.words(member) for member in listed(words))
    return tuple((" ".join(member), tuple(analysis.language(language).stems(member))) for member in said if member)


def _parts(question: Question, known: dict[tuple[str, Stems], list[str]]) -> Iterator[Part]:
    said = tuple(analysis.words(question.text))[:MOST_WORDS]
    languages = {language for language, _ in known}
    longest = max(len(stems) for _, stems in known)
    spoken = {language: analysis.language(language).stems(said) for language in languages}
    start = 0
    while start < len(said):
        others: list[str] = []
        for size in range(min(longest, len(said) - start), 0, -1):
            for language in sorted(languages):
                others += known.get((language, tuple(spoken[language][start : start + size])), [])
            if others:
                break
        alternatives = dict.fromkeys(others[:MOST_ALTERNATIVES])
        yield Part(said[start : start + size], tuple(Alternative(text, weights.SYNONYM_SHARE) for text in alternatives))
        start += size

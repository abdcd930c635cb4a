"""What words on their own give away: abbreviations that nobody explained, and what looks like a name."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Written out, these would be harder to read than they are.
KNOWN = frozenset(
    """
    AD AI AM API BBC BC CD CEO CSV CV DIY DVD EU FAQ GPS HR HTML ID II III IT IV IX JPG NATO NGO NHS OK PC PDF PM PR
    QR RSVP SMS TV UK UN URL US USA USB VAT VI VII VIII XML
    """.split()  # noqa: SIM905 - to be read, and added to
)
_ABBREVIATION = re.compile(r"(?<![\w.@/#&-])([A-Z](?:[A-Z&]|\d(?=[A-Z])){1,5})(?=s?(?![\w@&-]|\.\w|://))")
_PARTICLES = frozenset("al bin da de del den der di dos du el la le ten van von y".split())  # noqa: SIM905
_MOST_WORDS = 4  # of a name
_AROUND = ".,:;!?()[]“”‘\"'…–—"
_SHOUTED = re.compile(r"\b[A-Z]{2,}\b")


def unexplained(texts: Iterable[str]) -> dict[str, int]:
    """Abbreviations that no text explains, each with the number of the first text it stands in.

    Explained is what stands in brackets behind its words, or before its words in brackets:
    “a service level agreement (SLA)”, “SLA (service level agreement)”, “SLA stands for …”.
    """
    texts = list(texts)
    whole = "\n".join(texts)
    found: dict[str, int] = {}
    for number, text in enumerate(texts):
        for line in text.splitlines():
            for match in _ABBREVIATION.finditer(line):
                word = match[1]
                if word not in found and word not in KNOWN and not _shouts(line, match) and not _explained(word, whole):
                    found[word] = number
    return found


def _explained(word: str, whole: str) -> bool:
    word = re.escape(word)
    return bool(
        re.search(rf"[a-z]\w*[”\"’']?\s*\({word}s?[),;]", whole)
        or re.search(rf"(?<!\w){word}s?\s*\([^)]*[a-z]+\s[^)]*\)", whole)
        or re.search(rf"(?<!\w){word}s?\s*(?:stands for|means|is short for|, short for)\b", whole)
        or re.search(rf"\b(?:called|known as|or)\s+(?:the\s+)?{word}s?\b(?=,? for short)", whole)
    )


def _shouts(line: str, match: re.Match[str]) -> bool:
    """Whether the word stands in a row of capitals: a headline, not an abbreviation."""
    before, after = line[: match.start()].split()[-1:], line[match.end() :].split()[:1]
    return any(_SHOUTED.fullmatch(word.strip(_AROUND)) for word in (*before, *after))


def likely_names(texts: Iterable[str]) -> set[str]:
    """Every row of two to four words that could be somebody's name: they begin with capitals."""
    found = set()
    for text in texts:
        words = [word.strip(_AROUND).removesuffix("’s").removesuffix("'s") for word in text.split()]
        for start, first in enumerate(words):
            if not first[:1].isupper():
                continue
            for end in range(start + 1, min(start + _MOST_WORDS, len(words))):
                if words[end][:1].isupper():
                    found.add(" ".join(words[start : end + 1]))
                elif words[end] not in _PARTICLES:
                    break
    return found


def names_in(text: str, names: Iterable[str]) -> list[str]:
    """Those of `names` that `text` holds as whole words, whatever their case."""
    folded = _folded(text)
    return [name for name in names if re.search(rf"(?<!\w){re.escape(_folded(name))}(?!\w)", folded)]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())

"""Every weight of the ranking, with its reason. Measured ones were measured on four public collections.

What a document scores for a query word is BM25 over all its text, plus a share of BM25 over the
fields that matter more, plus a little where the word stands there exactly as it was typed.
"""

from functools import lru_cache
from math import log, log2

from whoosh.util.numeric import byte_to_length

#: How fast repeating a word stops helping. Measured: better than Whoosh's 1.2 on all four collections.
K1 = 1.6
#: How far long texts are held back. The usual value; nothing was gained by moving it.
B = 0.75
#: What a match in a field with boost 2 (a title, in Wagtail) adds to the match in the whole text.
#: Measured: half helps; twice, which is what a boost of 2 suggests, hurts.
TITLE_SHARE = 0.5
#: No boost adds more than this, however large the number in `search_fields`.
LARGEST_SHARE = 1.0
#: What the word exactly as typed adds to its stem in a short question: "meetings" before "meeting" when all
#: else is equal. In a long one the form of a word is grammar. Measured: it gains nothing there, and costs time.
EXACT_SHARE = 0.1
#: A word one or two letters away counts this much per letter, so that it stays below the word itself.
FUZZY_SHARE = 0.3
#: Up to so many words, documents that hold all of them come first: short queries mean every word.
ALL_WORDS_FIRST_UP_TO = 4
#: What they have ahead of the rest: more than four words can score, and a round number, so that the remainder
#: of a score still says how well the words match.
HEAD_START = 1_000.0
#: Of more different words than this the rarest are scored: the common ones cost most and tell least.
MOST_WORDS_SCORED = 64


def share_of_boost(boost: float) -> float:
    """What a field with this boost adds, beyond being part of the whole text. Logarithmic: 2 → 0.5, 4 and up → 1."""
    return min(TITLE_SHARE * log2(boost), LARGEST_SHARE) if boost > 1 else 0.0


def idf(documents: int, containing: int) -> float:
    """Lucene's inverse document frequency: never negative, also for a word in every document."""
    return log(1 + (documents - containing + 0.5) / (containing + 0.5))


@lru_cache(maxsize=256)
def length_norms(average_length: float) -> list[float]:
    """The BM25 denominator's constant part for each of the 256 lengths that Whoosh tells apart."""
    average = average_length or 1.0
    return [K1 * (1 - B + B * byte_to_length(byte) / average) for byte in range(256)]

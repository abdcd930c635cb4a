"""The values of facets in the words of an address and of people."""

from __future__ import annotations

from typing import Any

from search.domain.filters import Vocabulary
from search.domain.query import SearchAnswer
from search.enums import KIND_PLURALS, Kind


def named(facet: str, key: Any, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """The value in the address and the words for one key of a facet; None for what has no name any more."""
    if facet == "kind":
        return (key, str(KIND_PLURALS[Kind(key)])) if key in Kind.values else None
    if facet == "year":
        return str(key), str(key)
    term = getattr(vocabulary, facet).get(key)
    return (term.slug, term.name) if term else None


def facet_values(answer: SearchAnswer) -> dict[str, dict[str, int]]:
    """The counts of every facet by the values of an address, for machines. One query at most."""
    answer.vocabulary.add_topics(answer.facets.get("topic", {}))
    return {
        name: {
            found[0]: number
            for key, number in sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))
            if (found := named(name, key, answer.vocabulary)) is not None
        }
        for name, counts in answer.facets.items()
    }

"""Short ways to ask, for tests."""

from search.domain.query import find


def titles(text, viewer=None, **filters):
    """The titles found, best first."""
    answer = find(text, viewer=viewer, per_page=50, **filters)
    found = [hit.entry.title for hit in answer.hits]
    assert answer.total == len(found), "the total says something else than the list"
    return found

"""The real index on disk, for tests of the search."""

import pytest

from search.domain import queue


@pytest.fixture
def index(db):
    """Settles what the index owes, as happens after every commit (which a test that is rolled back never sees)."""

    def settle():
        done = queue.drain()
        assert not done.error, done.error
        assert queue.lag() == 0
        return done

    return settle

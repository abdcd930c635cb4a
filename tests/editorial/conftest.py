import pytest

from tests.editorial.world import World, make_world


@pytest.fixture
def world(db) -> World:
    """A draft with a co-author and a reviewer, another page, and one person of every kind."""
    return make_world()

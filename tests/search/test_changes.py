"""What changes is right at once: in results, totals and facets, for every page the change touches."""

import pytest

from tests.factories import PracticePageFactory
from tests.search.asking import titles

pytestmark = pytest.mark.django_db


def test_published_is_found(index):
    PracticePageFactory(title="The one-page letter", gist="Report to executives in prose.")
    assert titles("executive reports") == ["The one-page letter"]  # from the database, before the index knows
    index()
    assert titles("executive reports") == ["The one-page letter"]

"""Prepared queries give what the same query gives when it is built anew."""

from __future__ import annotations

from typing import Any

import pytest

from hub.kernel import prepared
from hub.pages.models import BasePage
from hub.taxonomy.models import Topic
from tests.factories import PracticePageFactory

pytestmark = pytest.mark.django_db


def test_each_value_gets_its_own_rows() -> None:
    pages = [PracticePageFactory() for _ in range(3)]

    def build(*keys: int) -> Any:
        return BasePage.objects.filter(pk__in=keys).select_related("content_type").order_by("-pk")

    for wanted in (pages[:2], pages[1:], pages[:2]):
        keys = [page.pk for page in wanted]
        found = prepared.rows("test: pages", build, *keys)
        assert [page.pk for page in found] == sorted(keys, reverse=True)
        assert [page.title for page in found] == [page.title for page in build(*keys)]
        assert {type(page) for page in found} == {BasePage}


def test_plain_columns_and_texts() -> None:
    page = PracticePageFactory()

    def build(address: str) -> Any:
        return BasePage.objects.filter(url_path=address).values_list("pk", flat=True)

    assert prepared.rows("test: address", build, page.url_path) == [page.pk]
    assert prepared.rows("test: address", build, "/nowhere/' OR 1=1 --") == []


def test_the_sql_is_built_once(django_assert_num_queries: Any) -> None:
    built = []

    def build(key: int) -> Any:
        built.append(key)
        return Topic.objects.filter(pk=key)

    with django_assert_num_queries(3):
        for key in (1, 2, 3):
            prepared.rows("test: once", build, key)
    assert len(built) == 1


def test_a_value_that_the_database_never_sees_is_refused() -> None:
    with pytest.raises(ValueError, match="has to be in its SQL"):
        prepared.rows("test: like", lambda words: Topic.objects.filter(name__contains=words), "a")

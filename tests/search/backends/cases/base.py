"""A backend with a folder of its own for each test."""

import shutil
import tempfile
from datetime import date
from pathlib import Path

from modelsearch.backends import get_search_backend
from modelsearch.test.testapp import models

from search.backends.whoosh import snapshots


class WithBackend:
    def setUp(self):
        super().setUp()
        self.path = Path(tempfile.mkdtemp(prefix="engine-")) / "index"
        self.backend = get_search_backend("default", PATH=str(self.path), LANGUAGE="en", LOCK_TIMEOUT=5)
        self.addCleanup(shutil.rmtree, self.path.parent, ignore_errors=True)
        self.addCleanup(snapshots.close_all)

    def book(self, title, summary="", pages=100, published=date(2020, 1, 1)):
        book = models.Book.objects.create(
            title=title, summary=summary, number_of_pages=pages, publication_date=published
        )
        self.backend.add(book)
        return book

    def titles(self, query, queryset=None, **options):
        queryset = models.Book.objects.all() if queryset is None else queryset
        return [book.title for book in self.backend.search(query, queryset, **options)]

    @property
    def notes(self):
        """The index of adverts, which need no database to be indexed."""
        return self.backend.get_index_for_model(models.AdvertWithCustomUUIDPrimaryKey)

    def found(self, word):
        """The primary keys of the adverts that the index finds, whatever the database says."""
        results = self.backend.search(word, models.AdvertWithCustomUUIDPrimaryKey)
        return {pk for pk, _ in results._ask(results._hits, list)}


def note(text, pk=None):
    return models.AdvertWithCustomUUIDPrimaryKey(text=text, **({"pk": pk} if pk else {}))

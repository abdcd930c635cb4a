"""The backend itself: the options, and which index holds which model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from modelsearch.backends.base import BaseSearchBackend, get_model_root

from . import extras
from .compiler import AutocompleteQueryCompiler, QueryCompiler
from .index import Status, WhooshIndex
from .rebuild import Rebuilder
from .results import SearchResults


class SearchBackend(BaseSearchBackend):
    """Full-text search in files, for one host.

    Options: `PATH`, the folder for the indexes; `LANGUAGE`, whose stems and stop words are used
    (default: LANGUAGE_CODE); `LOCK_TIMEOUT`, how many seconds a write waits for another one (10);
    `MEMORY`, how many megabytes a writer fills before it goes to disk (128).
    """

    query_compiler_class = QueryCompiler
    autocomplete_query_compiler_class = AutocompleteQueryCompiler
    index_class = WhooshIndex
    results_class = SearchResults
    rebuilder_class = Rebuilder
    #: Saving a page must not fail because its index does.
    catch_indexing_errors = True

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        if not params.get("PATH"):
            raise ImproperlyConfigured(
                "The Whoosh search backend needs a folder for its indexes. Set PATH in MODELSEARCH_BACKENDS."
            )
        self.path = Path(params["PATH"])
        self.language = str(params.get("LANGUAGE") or settings.LANGUAGE_CODE)
        self.lock_timeout = float(params.get("LOCK_TIMEOUT", 10))
        self.memory = int(params.get("MEMORY", 128))

    def get_index_for_model(self, model: type[models.Model]) -> WhooshIndex:
        """The index of everything under the same root model."""
        return self.index_class(self, get_model_root(model))

    def suggest(
        self,
        text: str,
        model_or_queryset: type[models.Model] | models.QuerySet[Any],
        known: Mapping[str, int] | None = None,
    ) -> str | None:
        """A better spelling of a query, made of words in documents that the queryset allows; or nothing.

        `known` are words that count like those, each with how often it occurs.
        """
        return extras.suggest(self, text, model_or_queryset, known or {})

    def near_words(
        self, words: Iterable[str], model_or_queryset: type[models.Model] | models.QuerySet[Any], fields: Iterable[str]
    ) -> dict[str, list[str]]:
        """For each word the stems, one letter from its own, in these fields of documents that the queryset allows."""
        return extras.near_words(self, words, model_or_queryset, fields)

    def similar(
        self,
        pk: Any,
        texts: Iterable[tuple[str, int]],
        model_or_queryset: type[models.Model] | models.QuerySet[Any],
        *,
        language: str = "en",
        share: float = 0.2,
    ) -> list[Any] | None:
        """The keys of documents with the words that tell one of them from the others, the best first.

        What the queryset does not allow changes nothing of the answer. None if the index does not know the document.
        """
        return extras.similar(self, pk, texts, model_or_queryset, language=language, share=share)

    def compact(self) -> None:
        """Rewrites every index without what has been deleted. For a quiet hour."""
        for index in self.all_indexes():
            index.compact()

    def needs_rebuild(self) -> bool:
        """Whether any index is missing, damaged or behind the models."""
        return any(index.needs_rebuild() for index in self.all_indexes())

    def status(self) -> list[Status]:
        """How every index is doing."""
        return [index.status() for index in self.all_indexes()]

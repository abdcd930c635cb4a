"""Topics as findable things, and the entries that carry a term of a vocabulary."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from hub.taxonomy.models import Function, Industry, Topic
from search.enums import Kind, Scope
from search.models import Entry
from search.registry import Document

RELATION_OF = {Topic: "topics", Function: "functions", Industry: "industries"}


def topic_documents(topic: Topic) -> list[Document]:
    """A topic as everybody finds it: its name, other names and description. Leads to all that is about it."""
    return [
        Document(
            kind=Kind.TOPIC,
            scope=Scope.PUBLIC,
            title=topic.name,
            summary=topic.description,
            text=", ".join(synonym.name for synonym in topic.synonyms.all()),
            url=f"{reverse('search:results')}?{urlencode({'topic': topic.slug})}",
            source=topic.source_path,
        )
    ]


def entries_with(term: Any) -> QuerySet[Entry]:
    """The entries that carry this topic, function or industry."""
    return Entry.objects.filter(**{RELATION_OF[type(term)]: term})

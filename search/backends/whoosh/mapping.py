"""From `search_fields` to the schema of an index, and from objects to documents.

The fields of a document:

- `pk`, `type`: which object it is, and every model it is an instance of;
- `language`: the language of its text, where the object says it;
- `v.pk`: the primary key again, as a value to filter and sort by;
- `text`: all its text, as stems without stop words: what ranking works on;
- `exact`: all its text as it stands, with positions: phrases, queries of stop words only, spelling;
- `prefix`: every beginning of every word of its autocomplete fields;
- `f.<column>`: one search field, as stems, for `fields=[…]` and for boosts;
- `p.<column>`: one autocomplete field, as beginnings;
- `v.<column>`: the values of one filter field, as terms and as a column;
- `r.<column>`: the filter values of each object of a relation to many, kept together.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from modelsearch.backends.base import get_model_root
from modelsearch.index import AutocompleteField, FilterField, RelatedFields, SearchField, get_indexed_models
from whoosh import columns, fields

from . import analysis, values
from .codec import Counts, Places, Terms

#: Raised when documents are written differently, so that an index of an older version is not misread.
FORMAT = 4

#: A document, as it is written into the index and into the journal of a rebuild: JSON all through.
Document = dict[str, Any]

_TEXT = fields.FieldType(Counts(), None, scorable=True)
_POSITIONS = fields.FieldType(Places(), None, scorable=True)
_TERMS = fields.FieldType(Terms(), None)
_VALUES = fields.FieldType(Terms(), None, sortable=columns.VarBytesColumn())
_ROWS = fields.COLUMN(columns.VarBytesColumn())


def type_label(model: type[models.Model]) -> str:
    """How a document says that it is an instance of this model."""
    return str(model._meta.concrete_model._meta.label_lower)  # type: ignore[union-attr]


def type_labels(model: type[models.Model]) -> list[str]:
    """The model and every concrete model it inherits from."""
    return [type_label(model), *(type_label(parent) for parent in model._meta.get_parent_list())]


def column_of(field: Any, model: type[models.Model], path: str = "") -> str:
    """A name for a search field that no other field of the same index has."""
    definer = field.get_definition_model(model)
    prefix = "" if definer in (None, get_model_root(model)) else f"{definer._meta.label_lower}."
    name = field.field_name if isinstance(field, RelatedFields) else field.get_attname(model)
    return f"{path}{prefix}{name}"


def relation_of(field: RelatedFields, model: type[models.Model]) -> tuple[Any, type[models.Model] | None]:
    """The Django field a `RelatedFields` stands for, and the model at its other end."""
    try:
        relation = field.get_field(model)
    except FieldDoesNotExist:
        return None, None
    return relation, relation.related_model


def is_to_many(relation: Any) -> bool:
    """Whether the relation can lead to more than one object."""
    return bool(relation.many_to_many or relation.one_to_many)


def kind_of(field: FilterField, model: type[models.Model]) -> str:
    """How the values of a filter field are written."""
    return values.kind_of(field.get_type(model))


def kind_of_pk(model: type[models.Model]) -> str:
    """How the primary keys of a model and all that share its index are written."""
    field: Any = get_model_root(model)._meta.pk
    while field.is_relation:
        field = field.target_field
    return values.kind_of(field.get_internal_type())


class Leaf(NamedTuple):
    """One search, autocomplete or filter field, wherever among related fields it stands."""

    field: Any
    model: type[models.Model]
    column: str
    is_related: bool


def leaves(model: type[models.Model]) -> Iterator[Leaf]:
    """Every field in the `search_fields` of a model, related ones included."""
    yield from _leaves(model.get_search_fields(), model, "")  # type: ignore[attr-defined]


def _leaves(search_fields: list[Any], model: type[models.Model], path: str) -> Iterator[Leaf]:
    for field in search_fields:
        if isinstance(field, RelatedFields):
            _, other = relation_of(field, model)
            if other is not None:
                yield from _leaves(field.fields, other, column_of(field, model, path) + ".")
        else:
            yield Leaf(field, model, column_of(field, model, path), bool(path))


def row_columns(model: type[models.Model]) -> list[tuple[RelatedFields, str]]:
    """The relations to many with several filter fields, whose values must be kept together object by object."""
    found = []
    for field in model.get_search_fields():  # type: ignore[attr-defined]
        if isinstance(field, RelatedFields):
            relation, other = relation_of(field, model)
            if other is not None and is_to_many(relation):
                column = column_of(field, model)
                filters = [leaf for leaf in _leaves(field.fields, other, "") if isinstance(leaf.field, FilterField)]
                if len(filters) > 1:
                    found.append((field, column))
    return found


def indexed_models_of(root: type[models.Model]) -> list[type[models.Model]]:
    """The indexed models that share the index of this root model."""
    return [model for model in get_indexed_models() if get_model_root(model) is root]


@lru_cache(maxsize=128)
def boosted_columns(model: type[models.Model]) -> tuple[tuple[str, float], ...]:
    """The columns of a model and the models under it whose boost is not 1, with the boost."""
    boosts: dict[str, float] = {}
    for child in get_indexed_models():
        if issubclass(child, model):
            for leaf in leaves(child):
                if isinstance(leaf.field, SearchField) and boost_of(leaf.field) != 1:
                    boosts[leaf.column] = boost_of(leaf.field)
    return tuple(sorted(boosts.items()))


def boost_of(field: SearchField) -> float:
    """The boost of a search field; none means 1."""
    return 1.0 if field.boost is None else float(field.boost)


@lru_cache(maxsize=64)
def schema_of(root: type[models.Model]) -> fields.Schema:
    """The Whoosh schema of the index that holds this root model and all its children."""
    schema = fields.Schema()
    wanted: dict[str, fields.FieldType] = {
        "pk": _TERMS, "v.pk": _VALUES, "type": _TERMS, "language": _TERMS,
        "text": _TEXT, "exact": _POSITIONS, "prefix": _TEXT,
    }  # fmt: skip
    for model in indexed_models_of(root):
        for leaf in leaves(model):
            if isinstance(leaf.field, FilterField):
                wanted[f"v.{leaf.column}"] = _VALUES
            elif isinstance(leaf.field, AutocompleteField) and not leaf.is_related:
                wanted[f"p.{leaf.column}"] = _TEXT
            elif isinstance(leaf.field, SearchField) and (not leaf.is_related or boost_of(leaf.field) != 1):
                wanted[f"f.{leaf.column}"] = _POSITIONS
        for _, column in row_columns(model):
            wanted[f"r.{column}"] = _ROWS
    for name in sorted(wanted):
        schema.add(name, wanted[name])
    return schema


def reading_format(language: str) -> str:
    """What an index must have been built with to be read at all."""
    return f"{FORMAT}:{analysis.language(language).code}"


@lru_cache(maxsize=64)
def format_of(root: type[models.Model], language: str) -> dict[str, str]:
    """What an index must have been built with to be read (`format`) and to be written (`schema`)."""
    kinds = sorted(
        {
            f"{leaf.column}:{type(leaf.field).__name__}:{getattr(leaf.field, 'boost', None)}:"
            + (kind_of(leaf.field, leaf.model) if isinstance(leaf.field, FilterField) else "")
            for model in indexed_models_of(root)
            for leaf in leaves(model)
        }
    )
    names = list(schema_of(root).names())
    fingerprint = hashlib.sha256(json.dumps([names, kinds]).encode()).hexdigest()
    return {"format": reading_format(language), "schema": fingerprint}


class DocumentBuilder:
    """Turns objects of one model into documents."""

    def __init__(self, model: type[models.Model], language: str) -> None:
        self.model = model
        self.language = analysis.language(language)

    def build(self, obj: models.Model) -> Document:
        """The document of one object. Its `search_language`, if it has one, says in which language it is stemmed."""
        said = getattr(obj, "search_language", "")
        language = analysis.language(said) if said else self.language
        parts = _Parts(language)
        self._collect(parts, obj, self.model.get_search_fields(), self.model, "")  # type: ignore[attr-defined]
        parts.add_filter("pk", [values.encode(kind_of_pk(self.model), obj.pk)])
        document = parts.document()
        document["pk"] = [str(obj.pk)]
        document["type"] = type_labels(self.model)
        if said:
            document["language"] = [language.code]
        for field, column in row_columns(self.model):
            _, other = relation_of(field, self.model)
            rows = [self._row(related, field, other or type(related)) for related in self._related(field, obj)]
            document[f"r.{column}"] = json.dumps(rows, ensure_ascii=False)
        return document

    def _related(self, field: RelatedFields, obj: models.Model) -> list[models.Model]:
        value = field.get_value(obj)
        if value is None:
            return []
        if isinstance(value, models.Model):
            return [value]
        return list(value.all())

    def _collect(
        self, parts: "_Parts", obj: models.Model, search_fields: list[Any], model: type[models.Model], path: str
    ) -> None:
        for field in search_fields:
            if isinstance(field, RelatedFields):
                _, other = relation_of(field, model)
                if other is None:
                    continue
                inner = column_of(field, model, path) + "."
                related = self._related(field, obj)
                for item in related:
                    self._collect(parts, item, field.fields, other, inner)
                if not related:
                    parts.add_absence(leaf for leaf in _leaves(field.fields, other, inner))
                continue
            column = column_of(field, model, path)
            value = field.get_value(obj)
            if isinstance(field, FilterField):
                parts.add_filter(column, values.encode_all(kind_of(field, model), value))
            elif isinstance(field, AutocompleteField):
                parts.add_prefixes(column, values.text_of(value), own_field=not path)
            elif isinstance(field, SearchField):
                parts.add_text(column, values.text_of(value), boost_of(field), own_field=not path)

    def _row(self, related: models.Model, field: RelatedFields, model: type[models.Model]) -> dict[str, list[str]]:
        """The filter values of one related object, by the column names inside the relation."""
        row = _Parts(self.language)
        filters = [item for item in field.fields if isinstance(item, FilterField | RelatedFields)]
        self._collect(row, related, filters, model, "")
        return {column: values.terms_of(found) for column, found in row.filters.items()}


class _Parts:
    """What the fields of one object contribute, gathered by the fields of the document."""

    def __init__(self, language: analysis.Language) -> None:
        self.language = language
        self.lists: dict[str, list[str]] = {}
        self.filters: dict[str, set[str]] = {}
        self.absent: set[str] = set()
        self.prefixes: dict[str, set[str]] = {}

    def _extend(self, name: str, terms: list[str]) -> None:
        known = self.lists.setdefault(name, [])
        if known:
            known.append(analysis.BREAK)
        known.extend(terms)

    def add_text(self, column: str, texts: list[str], boost: float, *, own_field: bool) -> None:
        for text in texts:
            terms = analysis.words(text)
            if not terms:
                continue
            self._extend("exact", terms)
            if boost >= 1:
                # Something made less important than the rest must not count fully with the rest.
                self.lists.setdefault("text", []).extend(self.language.stems(self.language.content_words(terms)))
            if own_field or boost != 1:
                self._extend(f"f.{column}", self.language.stems(terms))

    def add_prefixes(self, column: str, texts: list[str], *, own_field: bool) -> None:
        for text in texts:
            found = analysis.prefixes(analysis.words(text))
            self.prefixes.setdefault("prefix", set()).update(found)
            if own_field:
                self.prefixes.setdefault(f"p.{column}", set()).update(found)

    def add_filter(self, column: str, encoded: list[str]) -> None:
        self.filters.setdefault(column, set()).update(encoded)
        if not encoded:
            self.absent.add(column)

    def add_absence(self, missing: Iterator[Leaf]) -> None:
        for leaf in missing:
            if isinstance(leaf.field, FilterField):
                self.add_filter(leaf.column, [])

    def document(self) -> Document:
        document: Document = {name: terms for name, terms in self.lists.items() if terms}
        for name, found in self.prefixes.items():
            if found:
                document[name] = sorted(found)
        for column, encoded in self.filters.items():
            terms = set(values.terms_of(encoded))
            if column in self.absent:
                terms.add(values.ABSENT)
            document[f"v.{column}"] = sorted(terms)
            document[f"_stored_v.{column}"] = values.SEPARATOR.join(sorted(encoded))
        return document


#: Makes the document of an object, given the object.
Build = Callable[[models.Model], Document]

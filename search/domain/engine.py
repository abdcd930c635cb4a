"""The engine that `SEARCH_URL` chose, through the one door that every engine has (modelsearch), and
what only some can do, with a plain answer where one cannot."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import connection
from django.db.models import Model, Q, QuerySet
from modelsearch.backends import get_search_backend
from modelsearch.conf import get_app_config
from modelsearch.index import class_is_indexed, get_indexed_models
from modelsearch.query import Boost, SearchQuery

from search.backends.whoosh import scoring
from search.backends.whoosh.errors import IndexUnavailable
from search.models import Entry

# modelsearch's PostgreSQL backend ranks by a Boost, and warns because matching knows none.
warnings.filterwarnings("ignore", "The Boost query is not supported by the PostgreSQL", RuntimeWarning)

CHUNK = 200  # objects read and written at a time in a rebuild
Progress = Callable[[type[Model], int], None]

_FRIENDLY = {
    "search.backends.whoosh": "Whoosh",
    "opensearch": "OpenSearch",
    "elasticsearch": "Elasticsearch",
}


def backend() -> Any:
    """The default search backend."""
    return get_search_backend("default")


def configuration() -> dict[str, Any]:
    """Its settings."""
    return dict(get_app_config().get_search_backend_config()["default"])


def identity() -> str:
    """What the index was filled for: another engine, address or folder starts with nothing."""
    config = configuration()
    place = config.get("PATH") or " ".join(config.get("URLS", [])) or connection.settings_dict["NAME"]
    return f"{config['BACKEND']} {place} {config.get('INDEX_PREFIX', '')}".strip()[-200:]


def friendly_name() -> str:
    """The engine in words for people."""
    path = str(configuration()["BACKEND"])
    for part, name in _FRIENDLY.items():
        if part in path:
            return name
    return {"postgresql": "PostgreSQL full text", "sqlite": "SQLite full text"}.get(connection.vendor, path)


def is_database() -> bool:
    """Whether the database itself is the engine."""
    return ".database" in str(configuration()["BACKEND"])


def puts_all_words_first(engine: Any) -> bool:
    """Whether the engine by itself ranks what has all the words of a short question above what has some."""
    return type(engine).__module__.startswith("search.backends.whoosh")


def weighed(query: SearchQuery, share: float) -> SearchQuery:
    """`query`, counting `share` of what it would; on SQLite and MySQL, which know no such thing, all of it."""
    return Boost(query, share) if not is_database() or connection.vendor == "postgresql" else query


def split_score(score: float) -> tuple[float, float]:
    """A score as the head start for having all the words, if the engine gives one, and what the words count."""
    if "whoosh" not in str(configuration()["BACKEND"]):
        return 0.0, score
    merit = score % scoring.HEAD_START
    return score - merit, merit


def near_words(said: list[str], entries: QuerySet[Entry], fields: Iterable[str]) -> dict[str, list[str]]:
    """The words in some fields of `entries` that are nearly the given ones; none where the engine cannot say."""
    near = getattr(backend(), "near_words", None)
    return near(said, entries, fields) if near else {}


def with_any(relation: str, terms: list[Any]) -> Q:
    """Having any of the given topics, functions or industries, said so that the engine understands it."""
    if is_database():
        # A join would give an entry once for every term it has; a subquery gives it once.
        return having(relation, terms)
    if "whoosh" in str(configuration()["BACKEND"]):
        return Q(**{f"{relation}__in": [term.pk for term in terms]})
    return Q(**{f"{relation}__slug__in": [term.slug for term in terms]})


def having(relation: str, terms: list[Any]) -> Q:
    """The same for a query that the database itself answers."""
    pks = [term.pk for term in terms]
    through = getattr(Entry, relation).through.objects
    term = Entry._meta.get_field(relation).m2m_reverse_field_name()  # type: ignore[union-attr]
    return Q(pk__in=through.filter(**{f"{term}__in": pks}).values("entry_id"))


def write(engine: Any, model: type[Model], *, put: Iterable[Model] = (), drop: Iterable[Any] = ()) -> None:
    """Bring these objects of `model` into the index, and the primary keys `drop` out of it; in one commit if it can."""
    if not class_is_indexed(model):
        return
    index = engine.get_index_for_model(model)
    put, drop = list(put), list(drop)
    if not put and not drop:
        return
    if hasattr(index, "write"):  # Whoosh: a commit costs more than a hundred documents in it
        with index.write() as batch:
            for pk in drop:
                batch.delete(pk)
            batch.add_all(put)
        return
    for pk in drop:
        index.delete_item(model(pk=pk))
    if put:
        index.add_model(model)
        index.add_items(model, put)
    index.refresh()  # a server shows what it was given a second later, and we say now that it has it


def clear(engine: Any, models: list[type[Model]]) -> None:
    """Empty the index that holds `models`, whatever is in it."""
    index = engine.get_index_for_model(models[0])
    index.reset()
    for model in models:
        index.add_model(model)


def is_ill(error: BaseException) -> bool:
    """Whether the index itself is at fault, not what was to be written, so that only a rebuild helps."""
    return isinstance(error, IndexUnavailable)


def state(engine: Any, model: type[Model]) -> str:
    """How the index for `model` is: `ok`, `missing`, `outdated` or `unavailable`, as far as the engine can tell."""
    index = engine.get_index_for_model(model)
    return str(index.status()["state"]) if hasattr(index, "status") else "ok"


def roots(engine: Any) -> dict[str, list[type[Model]]]:
    """The indexes of the engine with the models each one holds."""
    found: dict[str, list[type[Model]]] = {}
    for model in get_indexed_models():
        found.setdefault(engine.get_index_for_model(model).get_key(), []).append(model)
    return found


def rebuild(engine: Any, models: list[type[Model]], progress: Progress | None = None) -> None:
    """Build the index that holds `models` afresh beside the live one, and put it in its place.

    `progress(model, number)` is told of every chunk. The caller holds the lock of the queue.
    """
    index = engine.get_index_for_model(models[0])
    rebuilder = engine.rebuilder_class(index) if engine.rebuilder_class else None
    target = rebuilder.start() if rebuilder else index
    for model in models:
        target.add_model(model)
        objects = model.get_indexed_objects()  # type: ignore[attr-defined]
        for pks in chunks(objects, CHUNK):
            target.add_items(model, list(objects.filter(pk__in=pks).order_by("pk")))
            if progress is not None:
                progress(model, len(pks))
    if rebuilder:
        rebuilder.finish()


def chunks(things: QuerySet[Any], size: int) -> Iterator[list[Any]]:
    """The primary keys of `things`, in order, so many at a time.

    All keys are read at once: SQLite lets nobody write whose reading began before somebody else's last write,
    so nothing may be half read between two transactions.
    """
    pks = list(things.order_by("pk").values_list("pk", flat=True))
    yield from (pks[start : start + size] for start in range(0, len(pks), size))

"""From the `where` of a queryset to filters on the index.

modelsearch walks through the conditions; here is what each becomes. What it refuses (a field that is
not a `FilterField`, an expression) is refused here with the same errors, so that code which works on
this engine works on the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.db.models.expressions import Col
from django.db.models.functions import Extract
from django.db.models.lookups import Lookup
from modelsearch.backends.base import BaseSearchQueryCompiler, FilterError, get_model_root
from modelsearch.index import FilterField, RelatedFields

from . import mapping
from .filters import Both, Either, Filter, Neither, NoDocument, OfType, SameRow
from .lookups import condition

Row = dict[str, list[str]]


class Compiled(NamedTuple):
    """A filter and, when it is about one object of a relation to many, how it reads on that object alone."""

    filter: Filter
    #: The relation and the join: two conditions on the same join are about the same object.
    join: tuple[str, str] | None = None
    on_row: Callable[[Row], bool] | None = None


class QuerySetFilters(BaseSearchQueryCompiler):
    """The half of the query compiler that reads the queryset."""

    def compile_filters(self) -> Filter | None:
        """Everything a document must meet, or nothing when all documents of the index do."""
        found: list[Filter] = []
        model = self.queryset.model
        if get_model_root(model) is not model._meta.concrete_model:
            found.append(OfType(mapping.type_label(model)))
        where = self._get_filters_from_queryset()
        if where is not None:
            found.append(where.filter)
        return found[0] if len(found) == 1 else Both(tuple(found)) if found else None

    def _get_filters_from_where_node(self, where_node: Any, check_only: bool = False) -> Any:
        if isinstance(where_node, Lookup) and not isinstance(where_node.lhs, Extract):
            if not isinstance(where_node.lhs, Col):
                raise FilterError(
                    f'Could not apply filter on search results: "{where_node.lookup_name}" on an expression. '
                    "Filter on the field itself."
                )
            if self._is_own_pk(where_node.lhs):
                # modelsearch ignores the pointer to the parent, which would make every total wrong.
                return None if check_only else self._condition(where_node.lhs, ["pk"], where_node)
        return super()._get_filters_from_where_node(where_node, check_only=check_only)

    def _is_own_pk(self, column: Any) -> bool:
        is_base = self.queryset.query.alias_map[column.alias].parent_alias is None
        return is_base and column.target.primary_key and column.target.attname.endswith("_ptr_id")

    def _condition(self, column: Any, path: list[Any], lookup: Any) -> Compiled:
        return self._process_filter(column, lookup.lookup_name, lookup.rhs, path=path)

    def _get_filter_field_path_for_column(self, column: Any) -> list[Any]:
        direct = self._many_to_many_filter(column)
        return [direct] if direct is not None else list(super()._get_filter_field_path_for_column(column))

    def _many_to_many_filter(self, column: Any) -> FilterField | None:
        """The `FilterField` on a many-to-many relation whose keys the column holds: `filter(topics=…)`."""
        joins = self.queryset.query.alias_map
        join = joins[column.alias]
        if join.parent_alias is None or joins[join.parent_alias].parent_alias is not None:
            return None
        for field in self.queryset.model.get_filterable_search_fields():
            relation, _ = mapping.relation_of(field, self.queryset.model) if _is_relation(field, self) else (None, None)
            if (
                relation is not None
                and relation.many_to_many
                and not relation.auto_created
                and relation.path_infos[0].join_field == join.join_field
                and column.target.name == relation.m2m_reverse_field_name()
            ):
                return field  # type: ignore[no-any-return]
        return None

    def _process_filter(
        self, column: Any, lookup: str, value: Any, check_only: bool = False, path: list[Any] | None = None
    ) -> Any:
        if path is None:
            path = self._get_filter_field_path_for_column(column)
        if check_only:
            return None
        compiled = self._compile_lookup(path, column, lookup, value)
        if compiled is None:
            raise FilterError(
                f'Could not apply filter on search results: "{column.target.attname}__{lookup} = {value}". '
                f'Lookup "{lookup}" not recognised.'
            )
        return compiled

    def _compile_lookup(self, path: list[Any], column: Any, lookup: str, value: Any) -> Compiled | None:
        model = self.queryset.model
        if path == ["pk"]:
            found = condition("pk", mapping.kind_of_pk(model), lookup, value, self.queryset._db)
            return None if found is None else Compiled(found)
        prefix, inner, is_row = "", "", False
        first = path[0]
        for depth, step in enumerate(path[:-1]):
            relation, other = mapping.relation_of(step, model)
            prefix = mapping.column_of(step, model, prefix) + "."
            if depth == 0:
                is_row = mapping.is_to_many(relation)
            else:
                inner = mapping.column_of(step, model, inner) + "."
            model = other or model
        field = path[-1]
        kind = mapping.kind_of(field, model)
        found = condition(mapping.column_of(field, model, prefix), kind, lookup, value, self.queryset._db)
        if found is None:
            return None
        if not is_row or not isinstance(first, RelatedFields):
            return Compiled(found)
        name = mapping.column_of(field, model, inner)
        relation_column = mapping.column_of(first, self.queryset.model)
        join = (relation_column, self._first_join(column))
        return Compiled(found, join, lambda row: found.accepts(row.get(name, [])))

    def _first_join(self, column: Any) -> str:
        """The join next to the queryset's own table on the way to this column."""
        joins = self.queryset.query.alias_map
        alias = column.alias
        while joins[joins[alias].parent_alias].parent_alias is not None:
            alias = joins[alias].parent_alias
        return str(alias)

    def _process_match_none(self) -> Compiled:
        return Compiled(NoDocument())

    def _connect_filters(self, filters: Sequence[Compiled], connector: str, negated: bool) -> Compiled | None:
        if not filters:
            return None
        if connector == "AND":
            connected = _all_of(filters)
        elif connector == "OR":
            connected = _any_of(filters)
        else:
            raise FilterError(f'Could not apply filter on search results: "{connector}" is not supported.')
        return Compiled(Neither(connected.filter)) if negated else connected


def _is_relation(field: FilterField, compiler: BaseSearchQueryCompiler) -> bool:
    name = field.field_name
    return any(f.name == name and f.is_relation for f in compiler.queryset.model._meta.get_fields())


def _all_of(filters: Sequence[Compiled]) -> Compiled:
    if len(filters) == 1:
        return filters[0]
    by_join: dict[tuple[str, str], list[Compiled]] = {}
    for found in filters:
        if found.join:
            by_join.setdefault(found.join, []).append(found)
    parts = [found for found in filters if not found.join]
    for join, group in by_join.items():
        if len(group) == 1:
            parts.append(group[0])
            continue
        tests = [found.on_row for found in group if found.on_row]
        test = _every(tests)
        broad = Both(tuple(found.filter for found in group))
        parts.append(Compiled(SameRow(join[0], broad, test), join, test))
    return parts[0] if len(parts) == 1 else Compiled(Both(tuple(part.filter for part in parts)))


def _any_of(filters: Sequence[Compiled]) -> Compiled:
    if len(filters) == 1:
        return filters[0]
    either = Either(tuple(found.filter for found in filters))
    joins = {found.join for found in filters}
    if len(joins) == 1 and None not in joins:
        return Compiled(either, filters[0].join, _some([found.on_row for found in filters if found.on_row]))
    return Compiled(either)


def _every(tests: Sequence[Callable[[Row], bool]]) -> Callable[[Row], bool]:
    return lambda row: all(test(row) for test in tests)


def _some(tests: Sequence[Callable[[Row], bool]]) -> Callable[[Row], bool]:
    return lambda row: any(test(row) for test in tests)

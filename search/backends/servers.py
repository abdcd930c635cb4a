"""What modelsearch's backends for OpenSearch and Elasticsearch lack for a hub: every value of a facet, an
index that can tell how it is and be emptied, credentials outside the address. Imports nothing of the hub."""

from __future__ import annotations

from typing import Any

MOST_VALUES = 10_000  # of one facet; a server gives ten unless told, and refuses more than 65,535


class AllFacetValues:
    """Results whose facets are whole."""

    def _backend_do_search(self, body: dict[str, Any], **options: Any) -> Any:
        for facet in body.get("aggregations", {}).values():
            facet["terms"]["size"] = MOST_VALUES
        return super()._backend_do_search(body, **options)  # type: ignore[misc]


class TellingIndex:
    """An index that lies behind an alias, as a rebuild leaves it, or under its own name."""

    def status(self) -> dict[str, str]:
        """`ok` or `missing`. Raises what the client raises when there is no server."""
        return {"state": "ok" if self.exists() else "missing"}  # type: ignore[attr-defined]

    def reset(self) -> None:
        """Begin with nothing. A server deletes no index by its alias."""
        there: list[Any] = self.aliased_indices() if self.is_alias() else [self]  # type: ignore[attr-defined]
        for index in there:
            index.delete()
        self.put()  # type: ignore[attr-defined]


class OwnCredentials:
    """A backend that takes user and password from its `OPTIONS`, so that its addresses can be shown to anybody."""

    def _get_host_config_from_url(self, url: Any) -> dict[str, Any]:
        host = super()._get_host_config_from_url(url)  # type: ignore[misc]
        return {name: value for name, value in host.items() if value is not None}

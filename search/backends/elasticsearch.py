"""modelsearch's backend for Elasticsearch 9 with what `servers` adds. Needs the package elasticsearch."""

from modelsearch.backends import elasticsearch9

from search.backends import servers


class SearchResults(servers.AllFacetValues, elasticsearch9.Elasticsearch9SearchResults):
    # The newer client takes the parts of the body one by one, after this class has completed them.
    pass


class Index(servers.TellingIndex, elasticsearch9.Elasticsearch9Index):
    def exists(self) -> bool:
        return bool(self.es.indices.exists(index=self.name))


class SearchBackend(servers.OwnCredentials, elasticsearch9.Elasticsearch9SearchBackend):
    results_class = SearchResults
    index_class = Index

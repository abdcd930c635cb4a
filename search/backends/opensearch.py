"""modelsearch's backend for OpenSearch with what `servers` adds. Needs opensearch-py."""

from modelsearch.backends import opensearch3

from search.backends import servers


class SearchResults(servers.AllFacetValues, opensearch3.OpenSearch3SearchResults):
    pass


class Index(servers.TellingIndex, opensearch3.OpenSearch3Index):
    pass


class SearchBackend(servers.OwnCredentials, opensearch3.OpenSearch3SearchBackend):
    results_class = SearchResults
    index_class = Index

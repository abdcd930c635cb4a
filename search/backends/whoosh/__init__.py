"""A search backend for modelsearch on Whoosh 2.7.4: `"BACKEND": "search.backends.whoosh"`. See README.md."""

from .backend import SearchBackend
from .errors import IndexBusy, IndexOutdated, IndexUnavailable, WhooshBackendError

__all__ = ["IndexBusy", "IndexOutdated", "IndexUnavailable", "SearchBackend", "WhooshBackendError"]

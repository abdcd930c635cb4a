"""What can go wrong with an index on disk, each with the next step in its sentence."""


class WhooshBackendError(Exception):
    """Anything this backend raises of its own accord."""


class IndexUnavailable(WhooshBackendError):
    """The index cannot be read: damaged, half deleted, or written in a format this version does not know."""


class IndexOutdated(IndexUnavailable):
    """The search fields of the models have changed since the index was built, so it takes no more writes.

    Reading still works; what could not be written is picked up by the rebuild.
    """


class IndexBusy(WhooshBackendError):
    """Another process holds the lock that was asked for, and kept it longer than the time allowed."""

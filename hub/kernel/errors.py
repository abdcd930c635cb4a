"""Errors whose text is meant for the person at the screen."""


class HubError(Exception):
    """Something a person asked for cannot be done; the message says why and what to do next."""

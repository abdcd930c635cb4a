"""The kinds of news that this app sends itself."""

from hub.notifications.domain.alerts import items_of
from hub.notifications.enums import Timing
from hub.notifications.registry import Kind, register

SEARCH_ALERT = register(
    Kind(
        "notifications.search_alert",
        "there is something new for a search I saved",
        "you saved this search",
        Timing.DAILY,  # each search has a rhythm of its own; the mail comes with the morning after
        items=items_of,
    )
)

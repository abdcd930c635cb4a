"""Words about news: when it reaches a person by e-mail, how far a mail got, and who may read what it says."""

from django.db import models


class Timing(models.TextChoices):
    """When a kind of news is mailed. In the inbox it is always at once."""

    AT_ONCE = "at_once", "At once"
    DAILY = "daily", "Once a day, in the morning"
    WEEKLY = "weekly", "Once a week, on Monday morning"
    NEVER = "never", "Not by e-mail"


IN_DIGESTS = (Timing.DAILY, Timing.WEEKLY)


class DeliveryState(models.TextChoices):
    """How far a mail got."""

    WAITING = "waiting", "To be sent"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Not delivered"
    EMPTY = "empty", "Nothing left to say"


class Needs(models.TextChoices):
    """What a person has to be able to do with a page, still, for news about it to be theirs."""

    NOTHING = "", "Nothing: it names no page"
    READ = "read", "Read the page"
    OPEN = "open", "Open the page in the editor"

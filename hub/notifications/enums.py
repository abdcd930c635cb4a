"""Words about news: when it reaches a person by e-mail."""

from django.db import models


class Timing(models.TextChoices):
    """When a kind of news is mailed. In the inbox it is always at once."""

    AT_ONCE = "at_once", "At once"
    NEVER = "never", "Not by e-mail"

"""How far a piece of a profile is shown."""

from django.db import models


class ShownTo(models.IntegerChoices):
    """Who sees a profile field, or may use an action; each level includes the ones below it."""

    PUBLIC = 0, "Everybody"
    MEMBERS = 10, "Members"
    CONNECTED = 20, "People I am connected with"
    ONLY_ME = 30, "Only me"


PROFILE_FIELDS = (
    "name",
    "organisation",
    "job_title",
    "function",
    "industry",
    "bio",
    "topics",
    "time_zone",
    "picture",
    "website",
)
LINE_FIELDS = ("name", "organisation", "function", "industry")  # what a line about somebody says
PROFILE_ACTIONS = ("message", "introduction")

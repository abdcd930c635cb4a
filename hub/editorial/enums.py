"""Words about writing: what people did on a page."""

from django.db import models


class BylineRole(models.TextChoices):
    """What a person named on a page did for it."""

    AUTHOR = "author", "Author"
    HOST = "host", "Host"
    GUEST = "guest", "Guest"
    EDITOR = "editor", "Editor"


SPEAKERS = {BylineRole.HOST, BylineRole.GUEST}

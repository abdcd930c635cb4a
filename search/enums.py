"""Words about searching: what can be found, who may find it, in which order."""

from __future__ import annotations

from django.db import models


class Kind(models.TextChoices):
    """What sort of thing a result is."""

    SESSION = "session", "Roundtable"
    SERIES = "series", "Series"
    TAKEAWAY = "takeaway", "Takeaway"
    PRACTICE = "practice", "Practice"
    REPORT = "report", "Report"
    PAGE = "page", "Page"
    DOCUMENT = "document", "Document"
    PERSON = "person", "Person"
    TOPIC = "topic", "Topic"


KIND_PLURALS = {
    Kind.SESSION: "Roundtables",
    Kind.SERIES: "Series",
    Kind.TAKEAWAY: "Takeaways",
    Kind.PRACTICE: "Practices",
    Kind.REPORT: "Reports",
    Kind.PAGE: "Pages",
    Kind.DOCUMENT: "Documents",
    Kind.PERSON: "People",
    Kind.TOPIC: "Topics",
}


class Scope:
    """Whom an entry is for: one token. A viewer holds some tokens and finds what carries one of them.

    `VISITOR` is held only by people who are *not* members: it carries what a public page or profile
    looks like without what only members may read of it, so that a member meets it once, not twice.
    `NOBODY` is held by no one.
    """

    PUBLIC = "public"
    VISITOR = "visitor"
    MEMBERS = "members"
    LEADERS = "leaders"
    STAFF = "staff"
    NOBODY = "nobody"

    @staticmethod
    def of_user(user_id: int) -> str:
        """The scope of what is for one person alone."""
        return f"user:{user_id}"


class Variant(models.TextChoices):
    """Which part of a thing an entry shows, where readers may know different parts of it."""

    WHOLE = "", "The same for everybody who may read it"
    OUTER = "outer", "What people outside the community may read of it"
    INNER = "inner", "What members may read of it"


class Sort(models.TextChoices):
    """In which order results come."""

    BEST = "best", "Best first"
    NEWEST = "newest", "Newest first"


class Like(models.TextChoices):
    """Whose experience is wanted, compared with the viewer's own function × industry."""

    LIKE = "like", "Like us"
    UNLIKE = "unlike", "Unlike us"

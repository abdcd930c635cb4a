"""Words about writing: what people did on a page."""

from django.db import models


class BylineRole(models.TextChoices):
    """What a person named on a page did for it."""

    AUTHOR = "author", "Author"
    HOST = "host", "Host"
    GUEST = "guest", "Guest"
    EDITOR = "editor", "Editor"


SPEAKERS = {BylineRole.HOST, BylineRole.GUEST}


class Stand(models.TextChoices):
    """Where a page stands, in the words of those who write it."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    CHANGES_REQUESTED = "changes_requested", "Changes asked for"
    SCHEDULED = "scheduled", "Approved, goes live by itself"
    LIVE = "live", "Published"
    LIVE_AND_DRAFT = "live_and_draft", "Published, with newer edits"


class Decision(models.TextChoices):
    """What a reviewer says about a text."""

    APPROVE = "approve", "approves"
    CHANGES = "changes", "asks for changes"


class VoidedBy(models.TextChoices):
    """Why a vote counts no more."""

    VOTER = "voter", "taken back"
    NEWER_VOTE = "newer_vote", "replaced by a newer vote"
    EDIT = "edit", "the text was changed"


class Reminded(models.IntegerChoices):
    """How far the reminders of a review have come."""

    NOT_YET = 0, "not yet"
    SOON = 1, "that it is due soon"
    DUE = 2, "that it is due"
    OVERDUE = 3, "that it is overdue"


class QuotedAs(models.TextChoices):
    """What a quotation tells about whoever said it."""

    NAMED = "named", "By name"
    DESCRIBED = "described", "Described, not named"
    UNNAMED = "unnamed", "Nothing is told"


class PeopleShown(models.TextChoices):
    """Whether people can be recognised in a picture, and whether that is all right with them."""

    NOBODY = "nobody", "Nobody can be recognised"
    AGREED = "agreed", "People can be recognised, and they agreed"
    NOT_ASKED = "not_asked", "People can be recognised, and were not asked yet"


class UpkeepReason(models.TextChoices):
    """Why somebody has to look at a page."""

    OVERDUE = "overdue", "Has to be verified"
    FLAGGED = "flagged", "Needs an edit"


class UpkeepStep(models.IntegerChoices):
    """Who is asked about a page, one after the other, until somebody answers."""

    OWNER = 1, "Responsible for it"
    CO_AUTHOR = 2, "Wrote it"
    STEWARD = 3, "Steward of a topic"
    STAFF = 4, "Staff"


class UpkeepOutcome(models.TextChoices):
    """How a task of upkeep ended."""

    STILL_TRUE = "still_true", "Still true"
    EDITED = "edited", "Edited"
    OBSOLETE = "obsolete", "Obsolete"
    GONE = "gone", "No longer published"

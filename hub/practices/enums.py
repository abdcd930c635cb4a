"""Words about practices that members propose, try, and suggest edits of."""

from django.db import models


class ProposalState(models.TextChoices):
    """Where a practice stands, in the words of whoever proposed it."""

    DRAFT = "draft", "Draft"
    WAITING = "waiting", "Waiting for review"
    CHANGES = "changes", "Changes asked for"
    LIVE = "live", "Live"
    NEWER = "newer", "Live, with newer edits"
    WITHDRAWN = "withdrawn", "Withdrawn"
    TAKEN_DOWN = "taken_down", "Not published any more"


class SuggestionState(models.TextChoices):
    """What became of a suggested edit."""

    OPEN = "open", "Waiting for an answer"
    TAKEN = "taken", "Taken over"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Outcome(models.TextChoices):
    """How it went where it was tried."""

    WORKED = "worked", "It worked"
    PARTLY = "partly", "It worked in part"
    DID_NOT = "did_not", "It did not work"

"""Words about roundtables."""

from django.conf.locale import LANG_INFO
from django.db import models


class SessionFormat(models.TextChoices):
    """How a session is run."""

    ROUNDTABLE = "roundtable", "Roundtable"
    WORKSHOP = "workshop", "Workshop"
    DIALOGUE = "dialogue", "Dialogue with a thought leader"


class SessionPlace(models.TextChoices):
    """Where people meet."""

    ONLINE = "online", "Online"
    IN_PERSON = "in_person", "In person"
    HYBRID = "hybrid", "In person and online"


class AttributionMode(models.TextChoices):
    """Whether what was said may be linked with who said it."""

    OPEN = "open", "Open: people may be named"
    CHATHAM_HOUSE = "chatham_house", "Chatham House: neither speakers nor employers are named"
    PRIVATE = "private", "Private: nothing leaves the room"


UNATTRIBUTED = {AttributionMode.CHATHAM_HOUSE, AttributionMode.PRIVATE}


def is_looser(mode: str, than: str) -> bool:
    """Whether `mode` lets more be told than the other one."""
    modes = list(AttributionMode)  # from open to private
    return modes.index(AttributionMode(mode)) < modes.index(AttributionMode(than))


class SeatState(models.TextChoices):
    """Where a person stands with a session."""

    GOING = "going", "Going"
    OFFERED = "offered", "Offered a seat"
    WAITLISTED = "waitlisted", "On the waiting list"
    CANCELLED = "cancelled", "Not going"


HOLDS_A_PLACE = {SeatState.GOING, SeatState.OFFERED}  # what counts against the number of seats; only the first is going


class MixBy(models.TextChoices):
    """What a host wants to see mixed at a table."""

    FUNCTION = "function", "Functions"
    INDUSTRY = "industry", "Industries"


class SeatRole(models.TextChoices):
    """What a person at the table is there."""

    MEMBER = "member", "Member"
    HOST = "host", "Host"
    GUEST = "guest", "Guest"


HEADS = {SeatRole.HOST, SeatRole.GUEST}


class QuestionState(models.TextChoices):
    """What the host did with a question."""

    OPEN = "open", "Open"
    ANSWERED = "answered", "Answered"
    HIDDEN = "hidden", "Hidden"


class TakeawayState(models.TextChoices):
    """How far a takeaway has got. None goes back: what was wrong is withdrawn, and something else takes its place."""

    DRAFT = "draft", "Draft"
    CHECKING = "checking", "Being checked"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Attribution(models.TextChoices):
    """Whose words a takeaway is. The last two need an open session, and the yes of whoever said it."""

    TABLE = "table", "The table: nobody in particular"
    MEMBER = "member", "A member, without anything about them"
    PLACE = "place", "Function and industry of whoever said it"
    NAMED = "named", "Whoever said it, by name"


ABOUT_A_PERSON = {Attribution.PLACE, Attribution.NAMED}


class Answer(models.TextChoices):
    """What somebody who was there says to a takeaway."""

    CONFIRMS = "confirms", "Yes, that is what the table said"
    AMENDS = "amends", "Nearly: I would say it differently"
    OBJECTS = "objects", "No, this should not be published"


class CommitmentOutcome(models.TextChoices):
    """What came of something that a person said they would try."""

    OPEN = "", "Open"
    DONE = "done", "Done"
    NOT_YET = "not_yet", "Not yet"
    DROPPED = "dropped", "Dropped"


class FollowUpState(models.TextChoices):
    """What became of a topic for a next session."""

    OPEN = "open", "Waits for the host"
    DRAFTED = "drafted", "A session is being prepared"
    DECLINED = "declined", "Not for now"


def languages() -> list[tuple[str, str]]:
    """Languages that people may speak at a table, by their English names."""
    named = [(code, info["name"]) for code, info in LANG_INFO.items() if "name" in info]
    return sorted(((code, name) for code, name in named if code[:3] not in ("en-", "es-")), key=lambda item: item[1])


class LooseningState(models.TextChoices):
    """Where a request stands to name people after all."""

    ASKED = "asked", "Waits for answers"
    AGREED = "agreed", "Everybody agreed"
    REFUSED = "refused", "Not everybody agreed"
    WITHDRAWN = "withdrawn", "Withdrawn"

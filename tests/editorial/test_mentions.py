"""“@Name” in a remark: told to exactly those who hold a seat and are called, and nobody can be probed with it."""

import pytest

from hub.editorial import kinds
from hub.editorial.domain.mentions import can_be_mentioned, mentioned
from hub.members.enums import ShownTo
from hub.members.models import MemberProfile
from hub.notifications.models import Notification
from tests.editorial.world import edit_url, form_of, person, seat

pytestmark = pytest.mark.django_db

PEOPLE = [("Ada Author", 1), ("Ada Maria Author", 2), ("Ben O’Neil", 3), ("Zoë Çelik", 4)]


class Somebody:
    def __init__(self, pk):
        self.pk = pk


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("@Ada Author, please", {1}),
        ("@ada   author!", {1}),
        ("@Ada Maria Author", {2}),
        ("@Ada", {1, 2}),
        ("@Ben and @Zoë", {3, 4}),
        ("(@ben o’neil)", {3}),
        ("write to x@ben.example or @@Ben", set()),
        ("@Benjamin @Adam @Zo", set()),
        ("Ben, Ada Author", set()),
        ("@", set()),
    ],
)
def test_whom_a_remark_calls(text, called):
    people = [(name, Somebody(pk)) for name, pk in PEOPLE]
    assert {user.pk for user in mentioned(text, people)} == called


def remark(client, page, text):
    return client.post(edit_url(page), form_of(page, remarks=[{"id": "", "text": text, "contentpath": "title"}]))


def told(kind):
    return {row.user.first_name: row for row in Notification.objects.filter(kind=kind.key).select_related("user")}


def test_news_goes_to_exactly_the_seat_holders_that_are_called(world):
    ben = person("Ben Beside")
    seat(world.draft, ben)
    person("Olaf Outside")
    remark(world.client("author"), world.draft, "@Rea Reviewer and @Ben, see what @Olaf Outside and @Stu Staff say")
    mentions = told(kinds.MENTIONED)
    assert set(mentions) == {"Rea", "Ben"}
    assert mentions["Ben"].text == "Ada Author mentions you in a remark on “A draft of ours”"
    assert "@Rea Reviewer and @Ben" in mentions["Rea"].detail
    assert told(kinds.REMARKED).keys().isdisjoint({"Ben", "Rea"})  # one piece of news for one remark


def test_a_mention_is_told_also_when_another_remark_was_just_told(world):
    ben = person("Ben Beside")
    seat(world.draft, ben)
    remark(world.client("author"), world.draft, "A remark")
    assert set(told(kinds.REMARKED)) == {"Ben"}
    remark(world.client("author"), world.draft, "@Ben?")
    assert set(told(kinds.MENTIONED)) == {"Ben"}


def test_names_that_call_nobody_say_nothing(world):
    """The answer is the same for a member without a seat, a hidden seat holder's name, and nobody at all."""
    person("Olaf Outside")
    hidden = person("Hana Hidden")
    seat(world.draft, hidden)
    MemberProfile.objects.filter(user=hidden).update(name_shown_to=ShownTo.ONLY_ME)
    author = world.client("author")
    pages = []
    for name in ("Olaf Outside", "Hana Hidden", "Nobody Atall"):
        remark(author, world.draft, f"@{name}")
        html = author.get(edit_url(world.draft)).content.decode()
        pages.append(sorted(Notification.objects.filter(kind=kinds.MENTIONED.key).values_list("user_id", flat=True)))
        names = html.split('id="people-to-mention"', 1)[1].split("</script>")[0]
        assert "Hidden" not in names
        assert "Outside" not in names
        assert "Rea Reviewer" in names
    assert pages == [[], [], []]


def test_a_seat_that_ended_is_called_no_more(world):
    reviewer = world.people["reviewer"]
    assert [user for _, user in can_be_mentioned(world.draft, world.people["author"])] == [reviewer]
    world.draft.page_seats.filter(user=reviewer).delete()
    assert can_be_mentioned(world.draft, world.people["author"]) == []
    remark(world.client("author"), world.draft, "@Rea Reviewer")
    assert told(kinds.MENTIONED) == {}

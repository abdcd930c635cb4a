"""Asking somebody to take a seat, taking it, and giving it back: through the views, with the mails that go out."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hub.accounts.enums import Role
from hub.members.enums import ShownTo
from hub.pages.enums import PageSeatRole
from hub.pages.models import PageInvitation, PageSeat
from tests.editorial.world import client_of, edit_url, fresh, person, seat
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=False)


@pytest.fixture
def ask(world, django_capture_on_commit_callbacks):
    """Post the form "Ask somebody" as `who`; the mails go out as after a commit."""

    def post(who, role="co_author", by="staff", **fields):
        mail.outbox.clear()
        client = by if not isinstance(by, str) else world.client(by)
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(
                people_url(world.draft), {"who": who, "role": role, "send": "yes", **fields}, follow=True
            )

    return post


def people_url(page):
    return reverse("page_people", args=[page.pk])


def link_in(message):
    return re.search(r"http://testserver(/my-hub/\S+/)", message.body)[1]


def test_a_member_is_asked_by_name_and_lands_on_the_page(world, ask):
    response = ask("mel member")
    assert "was asked" in response.content.decode()
    assert "mel@example.org" not in response.content.decode()
    [message] = mail.outbox
    assert message.to == ["mel@example.org"]
    assert message.subject == "Stu Staff asks you to write a practice"
    html = message.alternatives[0][0]
    assert world.draft.title not in message.body + html
    member = world.client("member")
    assert member.get(edit_url(world.draft)).status_code == 403
    response = member.get(link_in(message))
    assert response["Location"] == edit_url(world.draft)
    assert member.get(edit_url(world.draft)).status_code == 200
    taken = PageSeat.objects.get(user=world.people["member"])
    assert (taken.role, taken.may_invite, taken.invited_by) == ("co_author", False, world.people["staff"])


def test_every_form_on_the_page_carries_its_mark(world, ask):
    """The test client forgives a missing one, browsers do not get through."""
    ask("guest@example.org")
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people["staff"])
    for asked in ({}, {"who": "other@example.org", "role": "external"}):
        html = client.get(people_url(world.draft)).content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)[1]
        if asked:
            html = client.post(people_url(world.draft), {**asked, "csrfmiddlewaretoken": token}).content.decode()
            assert "This will happen" in html
        assert html.count('name="csrfmiddlewaretoken"') == html.count('<form method="post"') > 3


def test_somebody_without_an_account_is_asked_by_address(world, ask):
    ask("Guest@Example.org", role="reviewer")
    [message] = mail.outbox
    link = link_in(message)
    token = link.rstrip("/").rpartition("/")[2]
    assert token not in str(PageInvitation.objects.values_list())  # only its fingerprint is kept
    assert client_of(None).get(link)["Location"].startswith("/accounts/login/?next=/my-hub/invitations/")
    guest = UserFactory(email="guest@example.org")
    assert client_of(guest).get(link)["Location"] == edit_url(world.draft)
    assert PageSeat.objects.get(user=guest).role == PageSeatRole.REVIEWER
    assert client_of(guest).get(link)["Location"] == edit_url(world.draft)  # the link in the mail goes on working


def test_the_wrong_account_is_told_so(world, ask):
    ask("guest@example.org")
    response = world.client("member").get(link_in(mail.outbox[0]))
    assert response.status_code == 403
    assert "sent to another address" in response.content.decode()
    assert "guest@example.org" not in response.content.decode()
    assert world.draft.title not in response.content.decode()
    assert not PageSeat.objects.filter(user=world.people["member"]).exists()


def test_an_inbox_link_of_somebody_else_is_not_there(world, ask):
    ask("mel member")
    assert world.client("reviewer").get(link_in(mail.outbox[0])).status_code == 404
    assert world.client("member").get("/my-hub/invitations/no-such-token/").status_code == 404


def test_an_invitation_ends(world, ask):
    ask("guest@example.org")
    link = link_in(mail.outbox[0])
    guest = UserFactory(email="guest@example.org")
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        response = client_of(guest).get(link)
        assert response.status_code == 403 and "This invitation has ended" in response.content.decode()
    world.client("staff").post(people_url(world.draft), {"withdraw": PageInvitation.objects.get().pk})
    assert client_of(guest).get(link).status_code == 404


def test_a_new_invitation_replaces_the_old_one(world, ask):
    ask("guest@example.org")
    old = link_in(mail.outbox[0])
    ask("guest@example.org")
    guest = UserFactory(email="guest@example.org")
    assert client_of(guest).get(old).status_code == 404
    assert client_of(guest).get(link_in(mail.outbox[0])).status_code == 302


def test_a_seat_that_ended_is_not_taken_again_with_the_old_link(world, ask):
    ask("mel member")
    link = link_in(mail.outbox[0])
    member = world.client("member")
    member.get(link)
    taken = PageSeat.objects.get(user=world.people["member"])
    world.client("staff").post(people_url(world.draft), {"end": taken.pk})
    response = member.get(link)
    assert response.status_code == 403 and "has ended since" in response.content.decode()
    assert member.get(edit_url(world.draft)).status_code == 403


@pytest.mark.parametrize(
    ("who", "sees", "asks"),
    [
        ("visitor", 302, False),
        ("member", 403, False),
        ("author", 200, False),
        ("reviewer", 200, False),
        ("staff", 200, True),
    ],
)
def test_who_decides_about_seats(world, ask, who, sees, asks):
    assert world.client(who).get(people_url(world.draft)).status_code == sees
    ask("guest@example.org", by=who)
    assert PageInvitation.objects.exists() is asks
    victim = PageSeat.objects.get(user=world.people["reviewer" if who != "reviewer" else "author"])
    world.client(who).post(people_url(world.draft), {"end": victim.pk})
    assert PageSeat.objects.filter(pk=victim.pk).exists() is not asks


def test_a_co_author_with_that_right_asks_others_and_a_reviewer_never_gets_it(world, ask):
    seat(world.draft, world.people["author"], may_invite=True)
    ask("mel member", role="reviewer", may_invite="on", by="author")
    assert PageInvitation.objects.get().may_invite is False
    seat(world.other, world.people["author"])
    response = world.client("author").post(
        people_url(world.other), {"who": "mel member", "role": "reviewer", "send": "yes"}
    )
    assert response.status_code == 302 and PageInvitation.objects.count() == 1


def test_everybody_may_give_their_own_seat_back(world):
    for who in ("author", "reviewer"):
        own = PageSeat.objects.get(user=world.people[who])
        client = world.client(who)
        assert client.post(people_url(world.draft), {"end": own.pk})["Location"] == "/admin/"
        assert not fresh(world.people[who]).page_seats.exists()
        assert client.get(edit_url(world.draft)).status_code == 403


def test_names_that_are_hidden_are_not_found(world, ask):
    hidden = person("Hera Hidden").profile
    hidden.name_shown_to = 30
    hidden.save()
    assert "No member of this name" in ask("Hera Hidden").content.decode()
    for name in ("Ann Apple", "Joann Aspen"):
        person(name, Role.LEADER)
    assert "More than one member" in ask("Ann A").content.decode()
    assert not PageInvitation.objects.exists()


def test_no_two_seats_for_one_person(world, ask):
    assert "holds a seat on the page already" in ask("rea@example.org").content.decode()
    assert mail.outbox == []


def test_the_history_of_the_page_tells_of_seats(world, ask):
    ask("mel member")
    world.client("member").get(link_in(mail.outbox[0]))
    world.client("staff").post(people_url(world.draft), {"end": PageSeat.objects.get(user=world.people["member"]).pk})
    html = world.client("staff").get(reverse("wagtailadmin_pages:history", args=[world.draft.pk])).content.decode()
    for words in ("Offered a seat", "Took a seat", "Ended a seat"):
        assert words in html


def test_what_somebody_offered_ends_with_their_seat(world, ask):
    author = seat(world.draft, world.people["author"], may_invite=True)
    ask("guest@example.org", by="author")
    link = link_in(mail.outbox[0])
    ask("mel member", by="staff")
    world.client("staff").post(people_url(world.draft), {"end": author.pk})
    assert client_of(UserFactory(email="guest@example.org")).get(link).status_code == 404
    assert PageInvitation.objects.get().invited_by == world.people["staff"]


@pytest.mark.parametrize(("level", "name"), [(ShownTo.MEMBERS, "Ada Author"), (ShownTo.ONLY_ME, "Somebody")])
def test_my_hub_names_who_asks_for_a_review_as_far_as_they_are_shown(world, level, name):
    author = world.people["author"]
    author.profile.name_shown_to = level
    author.profile.save()
    seat(world.draft, world.people["reviewer"], PageSeatRole.REVIEWER)
    world.draft.save_revision(user=author)
    world.draft.get_workflow().start(world.draft, author)
    shown = world.client("reviewer").get("/my-hub/").content.decode()
    assert f"Sent by {name}" in shown
    assert ("Ada" in shown) is (level == ShownTo.MEMBERS)
    assert author.email not in shown

"""Somebody outside reads one text by a link: what opens, what does not, and what they may say."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.core.files.images import ImageFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from hub.editorial.domain import external, upkeep
from hub.editorial.models import Byline, ExternalRemark, ExternalReview, ReviewVote
from hub.media.models import HubImage
from hub.members.enums import ShownTo
from hub.notifications.models import Notification
from hub.pages.enums import Audience
from hub.pages.models import BasePage, PageSeat
from tests.editorial.world import client_of, current, edit_url, form_of, person, seat, submit
from tests.factories import MemberProfileFactory, PracticePageFactory, StandardPageFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


def picture(title):
    file = io.BytesIO()
    Image.new("RGB", (300, 200), "navy").save(file, "PNG")
    file.seek(0)
    return HubImage.objects.create(title=title, file=ImageFile(file, name=f"{title}.png"))


def people_url(page):
    return reverse("page_people", args=[page.pk])


def linked(page, by, **fields):
    fields = {"email": "eva@elsewhere.example", "name": "Eva Elsewhere", **fields}
    return external.ask(page=BasePage.objects.get(pk=page.pk), invited_by=by, **fields)


@pytest.fixture
def handed_in(world):
    """The draft is in review; a reader from outside has a link that lets them approve it."""
    submit(world.client("author"), world.draft)
    return linked(world.draft, world.people["staff"], may_approve=True)


def read(review, client=None):
    return (client or client_of(None)).get(review.get_absolute_url())


def say(review, **fields):
    return client_of(None).post(review.get_absolute_url(), {"decision": "remark", "text": "", "passage": "", **fields})


# --- asking ----------------------------------------------------------------------------------------------


def test_the_box_says_first_what_will_happen_and_then_does_it(world, django_capture_on_commit_callbacks):
    client = world.client("staff")
    asked = {"who": "eva@elsewhere.example", "role": "external"}
    html = client.post(people_url(world.draft), asked).content.decode()
    assert "It needs no account, and opens one text" in html and "The page is not in review" in html
    assert not ExternalReview.objects.exists() and mail.outbox == []
    refused = client.post(people_url(world.draft), {**asked, "send": "yes"}).content.decode()
    assert "This field is required" in refused and 'value="eva@elsewhere.example"' in refused  # their name is missing
    with django_capture_on_commit_callbacks(execute=True):
        sent = {**asked, "send": "yes", "name": "Eva\nElsewhere", "may_approve": "on"}
        assert client.post(people_url(world.draft), sent).status_code == 302
    review = ExternalReview.objects.get()
    assert (review.name, review.may_approve, review.revision) == ("Eva Elsewhere", True, world.draft.latest_revision)
    [message] = mail.outbox
    assert message.to == ["eva@elsewhere.example"] and message.subject == "Stu Staff asks you to read a practice"
    link = re.search(r"http://testserver(/read/\S+/)", message.body)[1]
    assert link == review.get_absolute_url()
    assert world.draft.title not in message.body + message.alternatives[0][0]
    assert read(review).status_code == 200


@pytest.mark.parametrize(
    ("who", "role", "said"),
    [
        ("mel member", "co_author", "Mel Member has an account"),
        ("mel@example.org", "reviewer", "mel@example.org has an account"),
        ("nobody@elsewhere.example", "co_author", "apply for membership first"),
    ],
)
def test_what_is_said_of_a_seat(world, who, role, said):
    html = world.client("staff").post(people_url(world.draft), {"who": who, "role": role}).content.decode()
    assert said in html and ("mel@example.org" in html) is ("@" in who and "mel" in who)
    assert not world.draft.page_invitations.exists()


def test_below_staff_the_box_does_not_tell_whether_an_address_has_an_account(world):
    seat(world.draft, world.people["author"], may_invite=True)
    client = world.client("author")

    def forecast(who, role):
        html = client.post(people_url(world.draft), {"who": who, "role": role}).content.decode()
        return re.search(r"<ul><li>.*?</ul>", html)[0].replace(who, "address")

    for role in ("external", "co_author", "reviewer"):
        assert forecast("mel@example.org", role) == forecast("xyz@example.org", role)


def test_nobody_names_who_approves_their_own_text(world):
    seat(world.draft, world.people["author"], may_invite=True)
    with pytest.raises(external.ExternalError, match="Only staff"):
        linked(world.draft, world.people["author"], may_approve=True)
    world.draft.save_revision(user=world.people["staff"])
    with pytest.raises(external.ExternalError, match="your own"):
        linked(world.draft, world.people["staff"], may_approve=True)
    with pytest.raises(external.ExternalError, match="writes the page"):
        linked(world.draft, world.people["staff"], email="ADA@example.org")
    assert linked(world.draft, world.people["author"]).may_approve is False


def test_members_are_given_a_seat_instead(world):
    html = world.client("staff").post(people_url(world.draft), {"who": "mel member", "role": "external"})
    assert "give them a reviewer’s seat" in html.content.decode()


def test_the_right_to_ask_is_the_one_for_seats(world):
    for who in ("member", "author", "reviewer"):
        sent = {"who": "eva@elsewhere.example", "role": "external", "name": "Eva", "send": "yes"}
        world.client(who).post(people_url(world.draft), sent)
    assert not ExternalReview.objects.exists()


# --- the link --------------------------------------------------------------------------------------------


def test_it_opens_one_text_and_nothing_later(world, handed_in):
    html = read(handed_in).content.decode()
    assert world.draft.title in html and "A newer draft exists" not in html
    world.client("author").post(edit_url(world.draft), form_of(world.draft, gist="Second thoughts."))
    html = read(handed_in).content.decode()
    assert "A newer draft exists" in html and "Second thoughts" not in html
    assert 'value="approve"' not in html


def test_it_asks_no_browser_who_it_is(world, handed_in):
    """The same bytes for staff as for anybody: nothing of the hub comes along with a login."""
    strip = re.compile(r'nonce="[^"]*"')
    assert strip.sub("", read(handed_in, world.client("staff")).content.decode()) == strip.sub(
        "", read(handed_in).content.decode()
    )


def test_what_it_answers_is_kept_and_told_nowhere(handed_in):
    for response in (read(handed_in), say(handed_in, text="Fine."), say(handed_in)):
        assert response["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response["X-Robots-Tag"]
        assert "no-store" in response["Cache-Control"] and "private" in response["Cache-Control"]
    html = read(handed_in).content.decode()
    assert 'name="robots" content="noindex' in html and 'rel="canonical"' not in html and "og:title" not in html
    assert "Disallow: /read/" in client_of(None).get("/robots.txt").content.decode()
    assert handed_in.token not in str(ExternalReview.objects.values_list())


def test_an_address_that_was_made_up_or_changed_is_not_there(handed_in):
    token = handed_in.token
    for wrong in ("x", token[:-1], token.replace("-", "-x"), f"{handed_in.pk + 1}{token[len(str(handed_in.pk)) :]}"):
        assert client_of(None).get(reverse("editorial:external", args=[wrong])).status_code == 404


def test_it_ends(world, handed_in):
    with time_machine.travel(handed_in.expires_at + timedelta(seconds=1), tick=False):
        response = read(handed_in)
        assert response.status_code == 410 and world.draft.title not in response.content.decode()
        assert say(handed_in, text="Too late").status_code == 410
    world.client("staff").post(people_url(world.draft), {"revoke": handed_in.pk})
    assert read(handed_in).status_code == 410
    assert say(handed_in, decision="approve").status_code == 410
    assert not ExternalRemark.objects.exists() and not ReviewVote.objects.exists() and not current(world.draft).live


def test_it_ends_with_the_right_of_whoever_sent_it(world):
    held = seat(world.draft, world.people["author"], may_invite=True)
    review = linked(world.draft, world.people["author"])
    world.client("staff").post(people_url(world.draft), {"end": held.pk})
    assert read(review).status_code == 410


def test_a_new_link_replaces_the_old_one_and_shows_the_newest_text(world, handed_in):
    world.client("author").post(edit_url(world.draft), form_of(world.draft, gist="Second thoughts."))
    world.client("staff").post(people_url(world.draft), {"renew": handed_in.pk})
    newest = ExternalReview.objects.open().get()
    assert newest.may_approve and newest.pk != handed_in.pk
    assert read(handed_in).status_code == 410
    assert "Second thoughts" in read(newest).content.decode()


def test_whoever_tries_many_addresses_is_slowed_down(handed_in, monkeypatch):
    monkeypatch.setattr("hub.editorial.views.external.MOST_LOOKS", 3)
    answers = [client_of(None).get("/read/guess/").status_code for _ in range(5)]
    assert answers == [404, 404, 404, 429, 429]
    assert read(handed_in).status_code == 429


def test_too_many_answers_are_kept_on_the_screen(handed_in, monkeypatch):
    monkeypatch.setattr("hub.editorial.views.external.MOST_ANSWERS", 1)
    assert say(handed_in, text="One").status_code == 302
    again = say(handed_in, text="Two of my best thoughts")
    assert again.status_code == 422 and "Two of my best thoughts" in again.content.decode()
    assert ExternalRemark.objects.count() == 1


# --- what it shows ---------------------------------------------------------------------------------------


def test_it_shows_what_a_visitor_may_know_and_no_more(world):
    """Titles of other pages, hidden names and hidden files stay hidden, also where the text refers to them."""
    section = StandardPageFactory(title="Section zyxsection", slug="zyxslug", audience=Audience.STAFF)
    hidden = PracticePageFactory(title="Practice zyxhidden", live=False)
    shy = MemberProfileFactory(name="Per zyxshy", name_shown_to=ShownTo.MEMBERS)
    open_one = MemberProfileFactory(name="Per Open", name_shown_to=ShownTo.PUBLIC, organisation="zyxorganisation")
    page = StandardPageFactory(parent=section, title="The draft to read", live=False)
    page.body = [("text", f'<p>See <a linktype="page" id="{hidden.pk}">this one</a>.</p>')]
    page.bylines = [Byline(person=shy), Byline(person=open_one)]
    page.related_links = [page.related_links.model(target=hidden)]
    page.save_revision()
    html = read(linked(page, world.people["staff"])).content.decode()
    assert "The draft to read" in html and "Per Open" in html and "this one" in html
    for word in ("zyxsection", "zyxslug", "zyxhidden", "zyxshy", "zyxorganisation", hidden.url_path):
        assert word not in html


def test_the_rule_of_a_session_holds_for_them(world):
    from roundtables.enums import AttributionMode
    from tests.factories import SessionPageFactory

    past = timezone.now() - timedelta(days=3)
    session = SessionPageFactory(
        attribution_mode=AttributionMode.CHATHAM_HOUSE, starts_at=past, ends_at=past + timedelta(hours=1)
    )
    session.bylines = [Byline(external_name="Zyx Speaker", role="guest")]
    session.save_revision()
    html = read(linked(session, world.people["staff"])).content.decode()
    assert session.title in html and "Zyx Speaker" not in html


def test_it_says_that_a_page_is_obsolete_and_not_by_which_hidden_page(world):
    hidden = PracticePageFactory(title="Practice zyxhidden", audience=Audience.MEMBERS)
    page = PracticePageFactory(title="It was true once")
    page.save_revision()
    upkeep.obsolete(page, by=world.people["staff"], replaced_by=hidden)
    html = read(linked(page, world.people["staff"])).content.decode()
    assert "This has not held since" in html and "zyxhidden" not in html and hidden.slug not in html


def test_its_pictures_open_below_the_link_and_no_others(world):
    mine, other = picture("mine"), picture("other")
    page = PracticePageFactory(live=False, image=mine)
    page.save_revision()
    review = linked(page, world.people["staff"])
    html = read(review).content.decode()
    [address, *_] = re.findall(rf"{re.escape(review.get_absolute_url())}pictures/\d+/[\w-]+/", html)
    assert not re.search(r'(?:"|, )/pictures/', html)
    assert client_of(None).get(address).status_code == 200
    plain = address.replace(review.get_absolute_url(), "/")
    assert client_of(None).get(plain).status_code == 404
    foreign = other.get_rendition("width-100").url
    assert client_of(None).get(review.get_absolute_url() + foreign.removeprefix("/")).status_code == 404
    assert client_of(None).get(address[:-2] + "x/").status_code == 404


# --- what is said ----------------------------------------------------------------------------------------


def test_a_remark_reaches_those_who_write_the_page(world, django_capture_on_commit_callbacks):
    review = linked(world.draft, world.people["staff"])
    with django_capture_on_commit_callbacks(execute=True):
        response = say(review, text="Say <b>how long</b> it took.", passage="in a few weeks")
    assert response.status_code == 302 and response["Location"].endswith("#said")
    told = Notification.objects.filter(kind="editorial.external_said")
    assert {one.user for one in told} == {world.people["author"], world.people["staff"]}
    for html in (
        read(review).content.decode(),
        world.client("author").get(people_url(world.draft)).content.decode(),
    ):
        assert "Say &lt;b&gt;how long&lt;/b&gt; it took." in html and "in a few weeks" in html
    assert "eva@elsewhere.example" not in world.client("author").get(people_url(world.draft)).content.decode()


def test_nothing_said_is_nothing_saved(handed_in):
    for decision in ("remark", "changes"):
        response = say(handed_in, decision=decision, passage="kept words")
        assert response.status_code == 422 and "kept words" in response.content.decode()
    assert not ExternalRemark.objects.exists() and not ReviewVote.objects.exists()


def test_before_the_review_there_is_nothing_to_decide(world):
    review = linked(world.draft, world.people["staff"], may_approve=True)
    assert 'type="radio"' not in read(review).content.decode()
    response = say(review, decision="approve", text="Good, and I mean it.")
    assert response.status_code == 422 and "not in review" in response.content.decode()
    assert "Good, and I mean it." in response.content.decode()


def test_their_approval_is_one_vote(world, handed_in):
    assert 'value="approve"' in read(handed_in).content.decode()
    assert say(handed_in, decision="approve").status_code == 302
    vote = ReviewVote.objects.get()
    assert (vote.external, vote.decision, vote.revision_id) == (handed_in, "approve", handed_in.revision_id)
    assert not current(world.draft).live  # somebody of the community has to agree
    assert "You approved the text" in read(handed_in).content.decode()


def test_the_newest_text_can_be_decided_on_when_the_review_was_about_the_one_before(world, handed_in):
    world.client("author").post(edit_url(world.draft), form_of(world.draft, gist="Second thoughts."))
    newest = linked(world.draft, world.people["staff"], may_approve=True)
    assert say(newest, decision="approve").status_code == 302
    vote = ReviewVote.objects.get()
    assert vote.revision_id == newest.revision_id == current(world.draft).current_workflow_task_state.revision_id


def test_asking_for_changes_hands_the_page_back(world, handed_in):
    assert say(handed_in, decision="changes", text="Name the costs.").status_code == 302
    state = current(world.draft).current_workflow_state
    assert state.status == state.STATUS_NEEDS_CHANGES
    assert "You asked for changes" in read(handed_in).content.decode()
    assert "Name the costs." in world.client("author").get(people_url(world.draft)).content.decode()


def test_who_may_only_ask_for_changes_cannot_approve(world):
    submit(world.client("author"), world.draft)
    review = linked(world.draft, world.people["staff"])
    html = read(review).content.decode()
    assert 'value="changes"' in html and 'value="approve"' not in html
    assert say(review, decision="approve").status_code == 422
    assert not ReviewVote.objects.exists()


def test_a_task_can_keep_approval_inside_the_community(world, handed_in):
    task = current(world.draft).current_workflow_task.specific
    task.external_approvals = False
    task.save()
    assert 'value="approve"' not in read(handed_in).content.decode()
    assert say(handed_in, decision="approve").status_code == 422
    assert say(handed_in, decision="changes", text="No").status_code == 302


def test_a_text_that_was_changed_is_decided_on_no_more(world, handed_in):
    world.client("author").post(edit_url(world.draft), form_of(world.draft, gist="Second thoughts."))
    response = say(handed_in, decision="approve", text="Lovely")
    assert response.status_code == 422 and "A newer draft exists" in response.content.decode()
    assert "Lovely" in response.content.decode()
    assert say(handed_in, text="Lovely, all the same").status_code == 302
    assert not ReviewVote.objects.exists()


def test_an_account_behind_the_address_is_held_to_its_own_rules(world, handed_in):
    """Whoever becomes an author after the link was sent does not approve by it."""
    eva = UserFactory(email="eva@elsewhere.example")
    seat(world.draft, eva)
    assert 'value="approve"' not in read(handed_in).content.decode()
    assert say(handed_in, decision="approve").status_code == 422
    PageSeat.objects.filter(user=eva).delete()
    assert 'value="approve"' in read(handed_in).content.decode()


def test_the_address_of_a_colleague_is_no_second_voice(world, handed_in):
    """Two addresses, one person: the vote by link and the vote by seat count once (see also the quorum)."""
    reviewer = person("Eli Elsewhere")
    reviewer.email = "eva@elsewhere.example"
    reviewer.save()
    say(handed_in, decision="approve")
    assert ReviewVote.objects.get().email == reviewer.email

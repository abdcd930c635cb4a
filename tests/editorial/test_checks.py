"""The content checks: each says what is missing, nothing about a text that lacks nothing, and stops nobody."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from wagtail.images.tests.utils import get_test_image_file
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from hub.editorial.domain.checks import remarks_on
from hub.editorial.models import Byline
from hub.editorial.wording import likely_names, names_in, unexplained
from hub.media.models import HubImage
from hub.members.enums import ShownTo
from roundtables.enums import AttributionMode
from tests.editorial.world import current, edit_url, form_of, seat, submit
from tests.factories import (
    FunctionFactory,
    IndustryFactory,
    MemberProfileFactory,
    PracticePageFactory,
    SessionPageFactory,
    SessionSeatFactory,
    TopicFactory,
)

SECTIONS = ("problem", "context", "what_we_did", "what_it_needs", "what_came_of_it")


def terms():
    return {"topics": [TopicFactory()], "functions": [FunctionFactory()], "industries": [IndustryFactory()]}


def practice(**parts):
    whole = {name: [("text", "<p>We asked.</p>")] for name in SECTIONS}
    return PracticePageFactory(gist="Ask first.", many=terms(), **{**whole, **parts})


def session(mode, *notes, **fields):
    page = SessionPageFactory(gist="We met.", attribution_mode=mode, many=terms(), **fields)
    page.body = [("text", "<p>We talk.</p>")]
    page.notes = list(notes)
    return page


def picture(**more):
    image = HubImage.objects.create(title="p", file=get_test_image_file())
    return "image", {"image": image, "alt": "A round table", "people": "nobody", **more}


def said(page, check=None):
    return [remark.text for remark in remarks_on(page) if check in (None, remark.check)]


def quoted(**more):
    return "quote", {"text": "Yes.", "attribution": "Hannah Voss", "mode": "named", "consent": True, **more}


@pytest.mark.django_db
def test_a_text_that_lacks_nothing_is_left_alone():
    page = practice(
        context=[
            ("heading", {"text": "Where", "level": "h3"}),
            ("text", "<p>In <b>two</b> kitchens. A service level agreement (SLA) helped; the SLA held.</p>"),
            quoted(),
            picture(),
            ("video", {"url": "https://video.example.org", "title": "It", "consent": True}),
            ("code", {"code": "XYZZY", "language": "SQLX"}),
        ]
    )
    assert said(page) == []


@pytest.mark.django_db
def test_an_empty_draft_is_told_what_readers_look_for():
    page = PracticePageFactory(gist="", live=False)
    remarks = remarks_on(page)
    assert {remark.path for remark in remarks} == {"gist", *SECTIONS, "topics", "functions"}
    assert "“Context” is empty. Where this happened, and what was particular about it." in said(page)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("alt", "more", "remarks"),
    [("", {}, 1), ("", {"decorative": True}, 0), ("IMG_2031", {}, 1), ("team.jpg", {}, 1), ("Four people", {}, 0)],
)
def test_pictures_need_words(alt, more, remarks):
    assert len(said(practice(context=[picture(alt=alt, **more)]), "alt")) == remarks


@pytest.mark.django_db
def test_the_picture_above_the_text_needs_a_description():
    page = practice()
    page.image = HubImage.objects.create(title="p", file=get_test_image_file())
    assert len(said(page, "alt")) == 1
    page.image.description = "A round table"
    assert said(page, "alt") == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("levels", "remarks"),
    [(["h2", "h3", "h4"], 0), (["h3"], 0), (["h4"], 1), (["h2", "h4"], 1), (["h3", "h4", "h2"], 0)],
)
def test_headings_skip_no_level(levels, remarks):
    page = practice(context=[("heading", {"text": "So", "level": level}) for level in levels])
    assert len(said(page, "headings")) == remarks


@pytest.mark.django_db
def test_a_bold_line_is_not_a_heading():
    assert len(said(practice(context=[("text", "<p><b>Our kitchens</b></p><p>Two.</p>")]), "headings")) == 1
    assert said(practice(context=[("text", "<p><b>Our</b> kitchens</p>")]), "headings") == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("block", "remarks"),
    [
        (quoted(consent=False), 1),
        (quoted(mode="described", consent=False), 0),
        (("video", {"url": "https://video.example.org", "title": "It"}), 1),
        (("picture", {"people": "not_asked"}), 1),
        (("picture", {"people": ""}), 1),
        (("picture", {"people": "agreed"}), 0),
        (("picture", {"people": "", "decorative": True}), 0),
    ],
)
def test_people_are_asked_before_they_are_shown(block, remarks):
    kind, value = block
    assert len(said(practice(context=[picture(**value) if kind == "picture" else block]), "consent")) == remarks


@pytest.mark.django_db
def test_a_recording_is_shared_when_those_on_it_agreed():
    page = session(AttributionMode.OPEN, recording_url="https://video.example.org/held")
    assert len(said(page, "consent")) == 1
    page.recording_agreed = True
    assert said(page, "consent") == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("mode", "remarks"),
    [(AttributionMode.OPEN, 0), (AttributionMode.CHATHAM_HOUSE, 4), (AttributionMode.PRIVATE, 4)],
)
def test_under_chatham_house_neither_speakers_nor_employers_are_named(mode, remarks):
    MemberProfileFactory(name="Thea There", name_shown_to=ShownTo.MEMBERS)
    page = session(
        mode,
        ("text", "<p>As <i>Thea There</i> said, gwen guest of Guest Works agrees. Gwendolyn Guestova did not.</p>"),
        quoted(),
    )
    page.bylines = [Byline(external_name="Gwen Guest", external_organisation="Guest Works", role="guest")]
    assert len(said(page, "names")) == remarks


@pytest.mark.django_db
def test_nobody_finds_out_by_typing_names_who_took_part():
    """A hidden name is not remarked on, whether or not its owner sat at the table."""
    page = session(AttributionMode.CHATHAM_HOUSE, ("text", "<p>Hidden Hana and Absent Abe agreed.</p>"))
    hidden = MemberProfileFactory(name="Hidden Hana", name_shown_to=ShownTo.ONLY_ME)
    SessionSeatFactory(session=page, profile=hidden)
    assert said(page, "names") == []
    MemberProfileFactory(name="Absent Abe", name_shown_to=ShownTo.MEMBERS)  # did not take part, and is remarked on
    assert len(said(page, "names")) == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The SLA was late.", ["SLA"]),
        ("A service level agreement (SLA) was late. The SLA!", []),
        ("The SLA (service level agreement) was late.", []),
        ("SLA stands for service level agreement", []),
        ("Two SLAs were late.", ["SLA"]),
        ("Our KPI and R&D, our KPI", ["KPI", "R&D"]),
        ("READ THIS FIRST", []),
        ("The PDF, for the UK and the EU, is on TV", []),
        ("Write to A.B.C@EXAMPLE.ORG or see HTTP://X.ORG", []),
        ("A plan. I know. OKR-based", []),
        ("Zoë's ÜBERSICHT", []),
    ],
)
def test_abbreviations_that_nobody_explained(text, found):
    assert list(unexplained([text])) == found


def test_an_explanation_counts_wherever_it_stands_and_each_is_told_once():
    assert unexplained(["The SLA", "An SLA again", "a service level agreement (SLA)"]) == {}
    assert unexplained(["Nothing", "The SLA", "An SLA again"]) == {"SLA": 1}


def test_likely_names_are_rows_of_capitals():
    assert likely_names(["Then Ann-Marie de la Cruz, and “Bo Ek’s” dog."]) >= {"Ann-Marie de la Cruz", "Bo Ek"}
    assert names_in("ANN  Lee and Joann Leeds", ["Ann Lee", "Jo Ann"]) == ["Ann Lee"]


@given(st.text(max_size=80))
def test_whatever_is_typed_can_be_read(text):
    assert all(word in text for word in unexplained([text]))
    assert all(len(name.split()) >= 2 for name in likely_names([text]))
    assert names_in(text, likely_names([text])) is not None


@pytest.mark.django_db
def test_checks_stop_nobody_and_are_told_when_a_text_is_handed_in(world):
    author = world.client("author")
    response = submit(author, world.draft)
    assert response.status_code == 302
    assert current(world.draft).current_workflow_state is not None
    html = author.get(response.url).content.decode()
    assert "It is handed in. Readers would miss something" in html
    assert "“Context” is empty." in html


@pytest.mark.django_db
def test_the_editor_shows_what_lies_there_and_then_what_was_typed(world):
    author = world.client("author")
    assert "“Context” is empty." in author.get(edit_url(world.draft)).content.decode()
    context = streamfield([("text", rich_text("<p>The KPI rose.</p>"))])
    typed = form_of(world.draft, **nested_form_data({"context": context}))
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[world.draft.pk])
    assert author.post(preview, typed).json()["is_valid"]
    checks = reverse("page_checks", args=[world.draft.pk])
    html = author.get(checks).content.decode()
    assert "“Context” is empty." not in html
    assert "What is KPI?" in html
    assert 'data-go-to="context.' in html
    assert "KPI" not in world.client("reviewer").get(checks).content.decode()  # what others type is theirs


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "status"), [("visitor", 302), ("member", 403), ("author", 200), ("reviewer", 200), ("staff", 200)]
)
def test_checks_are_for_those_who_may_open_the_page(world, who, status):
    assert world.client(who).get(reverse("page_checks", args=[world.draft.pk])).status_code == status
    if who in ("author", "reviewer"):
        assert world.client(who).get(reverse("page_checks", args=[world.other.pk])).status_code == 302


@pytest.mark.django_db
def test_a_session_that_is_over_is_asked_for_its_notes():
    ended = timezone.now() - timedelta(days=1)
    page = session(AttributionMode.OPEN, starts_at=ended - timedelta(hours=1), ends_at=ended)
    assert [remark.path for remark in remarks_on(page)] == ["notes"]
    page.ends_at = page.starts_at = None
    assert [remark.path for remark in remarks_on(page)] == ["starts_at"]


@pytest.mark.django_db
def test_wagtails_checker_runs_for_every_seat_with_our_rule(world):
    """Axe runs in the preview panel, where the site's own masthead of quick actions is not for members."""
    member = world.people["member"]
    seat(world.draft, member)
    client = world.client("member")
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[world.draft.pk])
    client.post(preview, form_of(world.draft))
    assert "<wagtail-userbar>" in client.get(f"{preview}?in_preview_panel=true").content.decode()
    assert "<wagtail-userbar>" not in client.get(preview).content.decode()
    assert "hub-picture-without-words" in client.get(edit_url(world.draft)).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("decorative", "found"), [(False, 0), (True, 1)])
def test_a_picture_that_decorates_can_be_told_from_one_without_words(client, decorative, found):
    page = practice(context=[picture(alt="", decorative=decorative)])
    html = client.get(page.url).content.decode()
    assert html.count('alt="" role="presentation"') == found

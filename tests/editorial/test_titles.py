"""No door of the editor tells somebody with a seat the title of a page they may not know."""

from __future__ import annotations

import itertools

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.urls import NoReverseMatch, get_resolver, reverse
from wagtail.models import PageLogEntry

from hub.editorial.forms import SeatPageForm
from hub.pages.checks import page_types
from hub.pages.doors import DOORS
from hub.pages.enums import Audience, PageSeatRole
from hub.pages.models import BasePage
from roundtables.models import SeriesPage
from tests.editorial.world import client_of, current, edit_url, form_of, fresh, newest_text, person, seat
from tests.factories import (
    PracticePageFactory,
    ReportPageFactory,
    SeriesPageFactory,
    StandardPageFactory,
    UserFactory,
)

WORD = "Quixotic"  # what is searched for: stands in every planted title, too
SECRET = "Xanadu"  # stands in every planted title and nowhere else


@pytest.fixture
def planted(world):
    """Secrets of every kind: drafts, pages for staff, a section for staff, a renamed draft of a public page."""
    staff = world.people["staff"]
    secrets = [
        PracticePageFactory(title=f"{WORD} {SECRET} draft", slug="secret-draft", live=False, owner=staff),
        PracticePageFactory(title=f"{WORD} {SECRET} for staff", slug="secret-staff", audience=Audience.STAFF),
        ReportPageFactory(title=f"{WORD} {SECRET} report", slug="secret-report", audience=Audience.STAFF),
        StandardPageFactory(title=f"{WORD} {SECRET} section", slug="secret-section", audience=Audience.STAFF),
        SeriesPageFactory(title=f"{WORD} {SECRET} series", slug="secret-series", live=False),
    ]
    renamed = StandardPageFactory(title="A public page")
    text = renamed.specific
    text.title = f"{WORD} {SECRET} renamed"
    text.save_revision(user=staff)
    secrets.append(renamed)
    for page in secrets:
        page.specific.get_latest_revision_as_object().save_revision(user=staff, log_action=True)
    in_review = current(secrets[0])
    in_review.get_workflow().start(in_review, staff)
    # something on the seat holder's page points at a secret, as staff may have it
    page = newest_text(world.draft)
    page.save_revision(user=world.people["author"])
    # two more seats in other sections, so that the explorer's root is the front page
    series = SeriesPageFactory(title="A series of ours", live=False)
    for who, role in (("author", PageSeatRole.CO_AUTHOR), ("reviewer", PageSeatRole.REVIEWER)):
        seat(series, world.people[who], role)
    call_command("update_index", verbosity=0)
    assert PageLogEntry.objects.filter(label__contains=SECRET).exists()
    return secrets


def admin_addresses(pages):
    """Every address of the editor that GET can reach, filled with the numbers of `pages` where it takes one."""
    content_types = list(ContentType.objects.filter(app_label__in=["practices", "home", "roundtables", "research"]))

    def walk(resolver, prefix=()):
        for pattern in resolver.url_patterns:
            if hasattr(pattern, "url_patterns"):
                yield from walk(pattern, prefix + ((pattern.namespace,) if pattern.namespace else ()))
            elif pattern.name:
                yield ":".join((*prefix, pattern.name)), tuple(pattern.pattern.regex.groupindex)

    admin = next(p for p in get_resolver().url_patterns if str(p.pattern) == "admin/" and hasattr(p, "url_patterns"))
    for name, _ in walk(admin):
        for page in pages:
            state = current_state(page)
            revision = page.latest_revision_id
            values = {
                "page_id": page.pk, "parent_page_id": page.pk, "pk": page.pk, "object_id": page.pk,
                "page_to_move_id": page.pk, "destination_id": page.pk, "page_pk": page.pk,
                "revision_id": revision, "revision_id_a": "earliest", "revision_id_b": "latest",
                "action_name": "approve", "task_state_id": state.pk if state else 1,
                "task_id": state.task_id if state else 1,
                "workflow_state_id": state.workflow_state_id if state else 1,
                "image_id": 1, "session_id": 1, "workflow_pk": 1,
                "content_type_app_name": "practices", "content_type_model_name": "practicepage",
                "app_label": "pages", "model_name": "basepage", "action": "delete",
                "app_name": "taggit", "filter_spec": "width-10",
            }  # fmt: skip
            found = get_resolver().reverse_dict  # noqa: F841  (forces population)
            for keys in parameters_of(name):
                try:
                    yield reverse(name, kwargs={key: values[key] for key in keys})
                except (NoReverseMatch, KeyError):
                    continue
    for content_type in content_types:
        yield reverse("wagtailadmin_pages:type_use", args=[content_type.app_label, content_type.model])


def current_state(page):
    return BasePage.objects.get(pk=page.pk).current_workflow_task_state


def parameters_of(name):
    """The sets of keyword arguments that the address called `name` can be built with."""
    *namespaces, last = name.split(":")
    resolver = get_resolver()
    for namespace in namespaces:
        resolver = resolver.namespace_dict[namespace][1]
    for possibility, *_ in resolver.reverse_dict.getlist(last):
        for _template, keys in possibility:
            yield tuple(keys)


SEARCHES = (
    "/admin/pages/search/?q={}", "/admin/pages/search/results/?q={}", "/admin/choose-page/search/?q={}",
    "/admin/choose-page/?page_type=research.reportpage", "/admin/choose-page/?page_type=roundtables.seriespage",
    "/admin/pages/?q={}&search_all=1", "/admin/api/main/pages/?search={}", "/admin/api/main/pages/",
    "/admin/images/chooser/results/?q={}", "/admin/documents/chooser/results/?q={}",
    "/admin/reports/page-types-usage/?export=csv", "/admin/reports/site-history/?export=csv",
)  # fmt: skip


@pytest.mark.parametrize("who", ["author", "reviewer"])
def test_no_address_of_the_editor_names_a_secret(world, planted, who):
    client = world.client(who)
    client.raise_request_exception = False
    pages = [planted[0], planted[1], current(world.draft)]  # a draft in review, a page for staff, their own
    addresses = sorted({*admin_addresses(pages), *(a.format(WORD) for a in SEARCHES)})
    assert len(addresses) > 150
    opened = 0
    for address in addresses:
        response = client.get(address, follow=True)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert SECRET not in body.decode(errors="ignore"), address
        opened += response.status_code == 200 and not response.redirect_chain
        assert response.status_code < 500, address
    assert opened > 20  # the doors that are theirs did open


def test_staff_see_what_is_there(world, planted):
    """The walk would mean nothing if these addresses named nobody."""
    client = world.client("staff")
    for address in (
        "/admin/reports/page-types-usage/",
        "/admin/reports/site-history/",
        f"/admin/pages/search/?q={SECRET}",
    ):
        assert SECRET in client.get(address).content.decode(), address


@pytest.mark.parametrize("who", ["author", "reviewer"])
def test_no_crafted_post_names_a_secret(world, planted, who):
    client = world.client(who)
    client.raise_request_exception = False
    for page, address in itertools.product(
        planted,
        (
            "/admin/pages/{pk}/edit/", "/admin/pages/{pk}/edit/preview/", "/admin/pages/{pk}/delete/",
            "/admin/pages/{pk}/unpublish/", "/admin/pages/{pk}/lock/", "/admin/pages/{pk}/unlock/",
            "/admin/pages/{pk}/copy/", "/admin/pages/{pk}/move/", "/admin/page-people/{pk}/",
            "/admin/pages/workflow/action/{pk}/approve/1/", "/admin/bulk/pages/basepage/delete/?id={pk}",
            "/admin/bulk/pages/basepage/publish/?id={pk}", "/admin/api/main/pages/{pk}/action/copy/",
            "/admin/editing-sessions/ping/pages/basepage/{pk}/1/",
        ),
    ):  # fmt: skip
        before = BasePage.objects.filter(pk=page.pk).values().get()
        response = client.post(address.format(pk=page.pk), {"title": "x", "slug": "x"}, follow=True)
        assert SECRET not in response.content.decode(), address
        assert BasePage.objects.filter(pk=page.pk).values().get() == before, address


def test_a_text_cannot_be_made_to_name_a_secret(world, planted):
    """A number typed by hand into a link or a related page is refused, saved and previewed alike."""
    author = world.client("author")
    for page in planted:
        row = {"target": page.pk, "id": "", "ORDER": "1", "DELETE": ""}
        crafted = form_of(world.draft) | {
            "related_links-TOTAL_FORMS": "1",
            **{f"related_links-0-{key}": value for key, value in row.items()},
        }
        if page == planted[-1]:
            continue  # its published title is theirs to know
        response = author.post(edit_url(world.draft), crafted, follow=True)
        assert SECRET not in response.content.decode()
        assert "is not there for you" in response.content.decode()
        assert newest_text(world.draft).related_links.count() == 0, page.title
        preview = reverse("wagtailadmin_pages:preview_on_edit", args=[world.draft.pk])
        assert author.post(preview, crafted).status_code == 302
        assert SECRET not in author.get(preview).content.decode()
        text = f'<p><a linktype="page" id="{page.pk}">there</a></p>'
        block = {
            "problem-count": "1", "problem-0-deleted": "", "problem-0-order": "0", "problem-0-type": "text",
            "problem-0-id": "", "problem-0-value": _draftail(text),
        }  # fmt: skip
        author.post(edit_url(world.draft), form_of(world.draft) | block)
        assert len(newest_text(world.draft).problem) == 0


def _draftail(html):
    from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

    return ContentstateConverter(["link"]).from_database_format(html)


def test_a_text_may_refer_to_what_its_writer_may_read(world):
    page = PracticePageFactory(title="For members", audience=Audience.MEMBERS)
    row = {"target": page.pk, "id": "", "ORDER": "1", "DELETE": ""}
    data = form_of(world.draft) | {
        "related_links-TOTAL_FORMS": "1",
        **{f"related_links-0-{key}": value for key, value in row.items()},
    }
    assert world.client("author").post(edit_url(world.draft), data).status_code == 302
    assert newest_text(world.draft).related_links.get().target_id == page.pk


def test_what_staff_wrote_into_a_text_stays_in_it(world, planted):
    """A reference that was there before does not stop its co-authors from saving."""
    page = newest_text(world.draft)
    page.related_links.add(type(page).related_links.rel.related_model(target_id=planted[1].pk))
    page.save_revision(user=world.people["staff"])
    link = newest_text(world.draft).related_links.get()
    row = {"target": planted[1].pk, "id": link.pk or "", "ORDER": "1", "DELETE": ""}
    data = form_of(world.draft, gist="Saved all the same.") | {
        "related_links-TOTAL_FORMS": "1",
        "related_links-INITIAL_FORMS": "1" if link.pk else "0",
        **{f"related_links-0-{key}": value for key, value in row.items()},
    }
    world.client("author").post(edit_url(world.draft), data)
    assert newest_text(world.draft).gist == "Saved all the same."


# --- audience and dates ----------------------------------------------------------------------------


def test_a_seat_makes_a_page_stricter_and_never_wider(world):
    author, staff = world.client("author"), world.client("staff")
    author.post(edit_url(world.draft), form_of(world.draft, audience=Audience.MEMBERS))
    assert newest_text(world.draft).audience == Audience.MEMBERS
    author.post(edit_url(world.draft), form_of(world.draft, audience=Audience.PUBLIC))
    assert newest_text(world.draft).audience == Audience.MEMBERS
    staff.post(edit_url(world.draft), form_of(world.draft, audience=Audience.PUBLIC))
    assert newest_text(world.draft).audience == Audience.PUBLIC


def test_a_seat_sets_no_dates_for_publishing(world):
    data = form_of(world.draft, gist="with dates", go_live_at="2031-01-01 10:00", expire_at="2032-01-01 10:00")
    world.client("author").post(edit_url(world.draft), data)
    text = newest_text(world.draft)
    assert (text.gist, text.go_live_at, text.expire_at) == ("with dates", None, None)


# --- a seat ends at once -----------------------------------------------------------------------------


def test_a_seat_that_ends_takes_everything_with_it(world):
    """Also from the person who made the page, and also what the dashboard remembers of them."""
    maker = person("Maud Maker")
    page = PracticePageFactory(title="Made by Maud", live=False, owner=maker)
    other = seat(SeriesPageFactory(title="Still hers", live=False), maker)
    client = client_of(maker)
    client.post(edit_url(page), form_of(page, gist="by Maud", **{"action-submit": "1"}))
    assert current(page).workflow_in_progress
    assert page.page_seats.get().may_invite
    client.get("/admin/")  # takes the message that names the page, while it is hers
    page.page_seats.all().delete()
    assert client.get(edit_url(page)).status_code == 302
    client.post(edit_url(page), form_of(page, gist="after the end"))
    assert newest_text(page).gist == "by Maud"
    for address in ("/admin/", "/admin/pages/", "/admin/pages/search/?q=Maud", "/admin/reports/site-history/"):
        assert "Made by Maud" not in client.get(address, follow=True).content.decode(), address
    other.delete()
    assert client.get("/admin/").status_code == 403


def test_staff_and_strangers_get_no_seat_for_making_a_page(world):
    page = PracticePageFactory(owner=world.people["staff"])
    assert not page.page_seats.exists()
    assert not PracticePageFactory(owner=None).page_seats.exists()


def test_a_seat_gives_nothing_below_the_page(world):
    section = StandardPageFactory(title="Section", live=False)
    below = StandardPageFactory(title="Below it", parent=section, live=False)
    author = world.people["author"]
    seat(section, author)
    client = client_of(author)
    assert client.get(edit_url(section)).status_code == 200
    assert client.get(edit_url(below)).status_code == 302
    assert "Below it" not in client.get(reverse("wagtailadmin_explore", args=[section.pk])).content.decode()
    for page in (section, below):
        permissions = BasePage.objects.get(pk=page.pk).permissions_for_user(fresh(author))
        assert not permissions.can_delete() and not permissions.can_add_subpage() and not permissions.can_move()


def test_base_and_specific_pages_answer_alike(world):
    for who in ("author", "reviewer", "member", "staff"):
        user = fresh(world.people[who])
        base, specific = (p.permissions_for_user(user) for p in (BasePage.objects.get(pk=world.draft.pk), world.draft))
        for question in ("can_edit", "can_delete", "can_publish", "can_move", "can_copy", "can_change_text"):
            assert getattr(base, question)() == getattr(specific, question)(), (who, question)


def test_the_dashboard_counts_nothing_and_leads_to_no_closed_door(world):
    html = {who: world.client(who).get("/admin/").content.decode() for who in ("author", "reviewer", "staff")}
    for who in ("author", "reviewer"):
        assert "/admin/reports/" not in html[who] and "/admin/images/" not in html[who], who
        assert "/admin/pages/" in html[who] and "Pages I work on" in html[who], who
    assert "/admin/reports/" in html["staff"] and "/admin/images/" in html["staff"]


def test_only_seats_open_the_editor(world):
    nobody = UserFactory(email="nobody@example.org")
    assert not fresh(nobody).has_perm("wagtailadmin.access_admin")
    held = seat(world.draft, nobody)
    assert fresh(nobody).has_perm("wagtailadmin.access_admin")
    assert not fresh(nobody).has_perm("wagtailadmin.anything_else")
    nobody.is_active = False
    nobody.save()
    assert not fresh(nobody).has_perm("wagtailadmin.access_admin")
    held.delete()


def test_every_page_type_is_edited_with_the_form_for_seats():
    for page_type in page_types():
        assert issubclass(page_type.get_edit_handler().get_form_class(), SeatPageForm), page_type


def test_every_door_is_an_address():
    """A door that Wagtail renamed would shut out everybody with a seat."""
    for name in DOORS:
        assert list(parameters_of(name)), name
    assert SeriesPage  # the walk covers every page type's own app

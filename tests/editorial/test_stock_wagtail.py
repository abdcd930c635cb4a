"""Wagtail's own behaviour survives on every page type of the hub: what its documentation promises to an editor.

Staff use the stock screens here: editor, preview, explorer, reports and their exports, scheduled publishing,
history, bulk actions, locks, redirects. Where the hub differs on purpose, `docs/deviations.md` says so.
"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from wagtail.fields import StreamField
from wagtail.test.utils import WagtailPageTestCase
from wagtail.test.utils.form_data import nested_form_data, querydict_from_html, streamfield

from hub.accounts.enums import Role
from hub.home.models import HomePage, StandardPage
from hub.members.domain.roles import sync_roles
from hub.pages.models import BasePage
from hub.practices.models import PracticePage, PracticesIndexPage
from research.models import ReportPage, ResearchIndexPage
from roundtables.models import RoundtablesIndexPage, SeriesPage, SessionPage
from tests.editorial.world import person
from tests.factories import (
    PracticePageFactory,
    ReportPageFactory,
    SeriesPageFactory,
    SessionPageFactory,
    StandardPageFactory,
)

FACTORIES = (PracticePageFactory, ReportPageFactory, SeriesPageFactory, SessionPageFactory, StandardPageFactory)
SECTIONS = (PracticesIndexPage, ResearchIndexPage, RoundtablesIndexPage, HomePage)
PARENTS = {
    PracticePage: {PracticesIndexPage},
    ReportPage: {ResearchIndexPage},
    SeriesPage: {RoundtablesIndexPage},
    SessionPage: {RoundtablesIndexPage, SeriesPage},
    StandardPage: {HomePage, StandardPage},
}
MADE_ON_DEMAND = {SeriesPage: SeriesPageFactory, StandardPage: StandardPageFactory}
FORMAT = "%Y-%m-%d %H:%M"


class StockCase(WagtailPageTestCase):
    def setUp(self):
        sync_roles()
        self.staff = person("Stu Staff", Role.STAFF)
        self.as_staff()

    def as_staff(self):
        self.client.force_login(self.staff, "django.contrib.auth.backends.ModelBackend")

    def edit_url(self, page):
        return reverse("wagtailadmin_pages:edit", args=[page.pk])

    def form_of(self, page, url=""):
        """What a browser would post for the editor as it is on the screen."""
        html = self.client.get(url or self.edit_url(page)).content.decode()
        return self.filled(html, type(page))

    def filled(self, html, model):
        """The fields of the form in `html`. Its texts are built by a script, so they are added, empty."""
        data = querydict_from_html(html, form_id="page-edit-form")
        for field in model._meta.get_fields():
            if isinstance(field, StreamField):
                data.update(nested_form_data({field.name: streamfield([])}))
        return data

    def post(self, page, action="", **changes):
        data = self.form_of(page)
        for name, value in {**changes, **({f"action-{action}": action} if action else {})}.items():
            data[name.replace("__", "-")] = value
        return self.client.post(self.edit_url(page), data)

    def ok(self, name, *args, **query):
        response = self.client.get(reverse(name, args=args), query)
        self.assertEqual(response.status_code, 200, f"{name} {args}")
        return response

    def again(self, page):
        return BasePage.objects.get(pk=page.pk).specific


class PageTypes(StockCase):
    def test_each_type_is_made_where_it_belongs_and_nowhere_else(self):
        for model, parents in PARENTS.items():
            self.assertAllowedParentPageTypes(model, parents)
            for section in (*SECTIONS, SeriesPage, StandardPage):
                (self.assertCanCreateAt if section in parents else self.assertCanNotCreateAt)(section, model)

    def test_each_type_is_routed_rendered_previewed_and_edited(self):
        for factory in FACTORIES:
            page = factory()
            with self.subTest(type(page).__name__):
                self.assertPageIsRoutable(page)
                self.assertPageIsRenderable(page)
                self.assertPageIsPreviewable(page, user=self.staff, post_data=self.form_of(page))
                self.as_staff()
                self.assertPageIsEditable(page, user=self.staff, post_data=self.form_of(page))
                self.as_staff()
        for model in SECTIONS:
            section = model.objects.get()
            with self.subTest(model.__name__):
                self.assertPageIsRenderable(section)
                self.assertPageIsPreviewable(section, user=self.staff, post_data=self.form_of(section))
                self.as_staff()
                self.assertPageIsEditable(section, user=self.staff, post_data=self.form_of(section))
                self.as_staff()

    def test_the_form_as_it_stands_saves_and_publishes_every_type(self):
        for factory in FACTORIES:
            page = factory(live=False)
            page.save_revision()
            with self.subTest(type(page).__name__):
                self.assertEqual(self.post(page, title="Saved as it stood").status_code, 302)
                self.assertEqual(self.again(page).draft_title, "Saved as it stood")
                self.assertEqual(self.post(page, "publish").status_code, 302)
                now = self.again(page)
                self.assertTrue(now.live)
                self.assertEqual((now.title, now.live_revision_id), ("Saved as it stood", now.latest_revision_id))

    def test_each_type_is_added_through_the_editor(self):
        for model, parents in PARENTS.items():
            for parent_model in parents:
                parent = parent_model.objects.first() or MADE_ON_DEMAND[parent_model]()
                url = reverse("wagtailadmin_pages:add", args=[model._meta.app_label, model._meta.model_name, parent.pk])
                with self.subTest(f"{model.__name__} below {parent_model.__name__}"):
                    data = self.filled(self.client.get(url).content.decode(), model)
                    data["title"] = f"New below {parent.pk}"
                    data["slug"] = f"new-{model._meta.model_name}-{parent.pk}"
                    for name, days in (("starts_at", 7), ("ends_at", 8)):
                        if name in data:
                            data[name] = (timezone.localtime() + timedelta(days=days)).strftime(FORMAT)
                    if "published_on" in data:
                        data["published_on"] = timezone.localdate().isoformat()
                    response = self.client.post(url, data)
                    self.assertEqual(response.status_code, 302)
                    made = model.objects.get(slug=data["slug"])
                    self.assertEqual((made.get_parent().pk, made.live, made.owner), (parent.pk, False, self.staff))


class History(StockCase):
    def test_compare_go_back_and_restore(self):
        page = PracticePageFactory(title="First")
        first = page.save_revision(user=self.staff)
        page.title = "Second"
        second = page.save_revision(user=self.staff)
        compared = self.ok("wagtailadmin_pages:revisions_compare", page.pk, first.pk, second.pk).content.decode()
        self.assertIn("First", compared)
        self.assertIn("Second", compared)
        self.ok("wagtailadmin_pages:history", page.pk)
        self.assertContains(self.ok("wagtailadmin_pages:revisions_view", page.pk, first.pk), "First")
        restored = self.ok("wagtailadmin_pages:revisions_revert", page.pk, first.pk).content.decode()
        data = self.filled(restored, PracticePage)
        self.assertEqual(data["title"], "First")
        self.client.post(self.edit_url(page), {**data.dict(), "action-publish": "publish", "revision": first.pk})
        self.assertEqual(self.again(page).title, "First")

    def test_take_down_lock_and_unlock(self):
        page = PracticePageFactory()
        self.ok("wagtailadmin_pages:unpublish", page.pk)
        self.client.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
        self.assertFalse(self.again(page).live)
        self.client.post(reverse("wagtailadmin_pages:lock", args=[page.pk]))
        self.assertTrue(self.again(page).locked)
        changed = {**self.form_of(page).dict(), "title": "Changed while locked"}
        other = person("Sue Second", Role.STAFF)
        self.client.force_login(other, "django.contrib.auth.backends.ModelBackend")
        self.client.post(self.edit_url(page), changed)
        self.assertNotEqual(self.again(page).draft_title, "Changed while locked")
        self.as_staff()
        self.client.post(reverse("wagtailadmin_pages:unlock", args=[page.pk]))
        self.assertFalse(self.again(page).locked)

    def test_copy_and_move(self):
        series = SeriesPageFactory(title="A series")
        session = SessionPageFactory(parent=series, title="Its session")
        section = RoundtablesIndexPage.objects.get()
        self.ok("wagtailadmin_pages:copy", series.pk)
        copied = {
            "new_title": "Copy",
            "new_slug": "copy",
            "new_parent_page": section.pk,
            "copy_subpages": "on",
            "publish_copies": "on",
        }
        self.client.post(reverse("wagtailadmin_pages:copy", args=[series.pk]), copied)
        copy = SeriesPage.objects.get(slug="copy")
        self.assertEqual([child.title for child in copy.get_children()], ["Its session"])
        target = SeriesPageFactory(title="Another series")
        self.ok("wagtailadmin_pages:move", session.pk)
        self.client.post(reverse("wagtailadmin_pages:move_confirm", args=[session.pk, target.pk]))
        moved = self.again(session)
        self.assertEqual(moved.get_parent().pk, target.pk)
        self.assertPageIsRenderable(moved)


class Scheduled(StockCase):
    def test_go_live_and_expire_by_the_clock(self):
        page = PracticePageFactory(live=False)
        page.save_revision(user=self.staff)
        live_at, ends_at = timezone.now() + timedelta(days=2), timezone.now() + timedelta(days=5)
        local = {
            name: timezone.localtime(at).strftime(FORMAT)
            for name, at in (("go_live_at", live_at), ("expire_at", ends_at))
        }
        self.assertEqual(self.post(page, "publish", **local).status_code, 302)
        now = self.again(page)
        self.assertFalse(now.live)
        self.assertIsNotNone(now.latest_revision.approved_go_live_at)
        self.assertEqual(self.client.get(page.get_url()).status_code, 404)
        call_command("publish_scheduled", verbosity=0)
        self.assertFalse(self.again(page).live)  # not before its time
        with time_machine.travel(live_at + timedelta(minutes=1), tick=False):
            call_command("publish_scheduled", verbosity=0)
        self.assertTrue(self.again(page).live)
        self.assertEqual(self.client.get(page.get_url()).status_code, 200)
        with time_machine.travel(ends_at + timedelta(minutes=1), tick=False):
            call_command("publish_scheduled", verbosity=0)
        ended = self.again(page)
        self.assertEqual((ended.live, ended.expired), (False, True))

    def test_a_schedule_is_called_off(self):
        page = PracticePageFactory(live=False)
        page.go_live_at = timezone.now() + timedelta(days=2)
        revision = page.save_revision(user=self.staff)
        revision.publish()
        url = reverse("wagtailadmin_pages:revisions_unschedule", args=[page.pk, revision.pk])
        self.assertEqual(self.client.get(url).status_code, 200)
        self.client.post(url)
        self.assertIsNone(self.again(page).latest_revision.approved_go_live_at)


class Lists(StockCase):
    def test_the_explorer_lists_sorts_searches_and_filters(self):
        section = PracticesIndexPage.objects.get()
        for title in ("Beta table", "Alpha table"):
            PracticePageFactory(title=title)
        for ordering in ("title", "-title", "live", "latest_revision_created_at", "ord"):
            html = self.ok("wagtailadmin_explore", section.pk, ordering=ordering).content.decode()
            order = html.index("Alpha table") < html.index("Beta table")
            if ordering.endswith("title"):
                self.assertEqual(order, ordering == "title")
        self.ok("wagtailadmin_explore_root")
        call_command("update_index", verbosity=0)
        html = self.ok("wagtailadmin_explore", section.pk, q="Alpha").content.decode()
        self.assertIn("Alpha table", html)
        self.assertNotIn("Beta table", html)
        self.assertIn("Alpha table", self.ok("wagtailadmin_pages:search", q="Alpha").content.decode())

    def test_every_report_opens_and_what_can_be_exported_is(self):
        page = PracticePageFactory(title="Told in reports")
        page.save_revision(user=self.staff)
        self.post(page, "submit")
        names = ("locked_pages", "workflow", "workflow_tasks", "site_history", "aging_pages", "page_types_usage")
        for name in names:
            with self.subTest(name):
                self.ok(f"wagtailadmin_reports:{name}")
                self.ok(f"wagtailadmin_reports:{name}_results")
                for kind in ("csv", "xlsx"):
                    exported = self.client.get(reverse(f"wagtailadmin_reports:{name}"), {"export": kind})
                    self.assertEqual(exported.status_code, 200)
                    self.assertTrue(b"".join(exported.streaming_content) if exported.streaming else exported.content)
        for name in ("workflow", "site_history"):
            self.assertContains(self.ok(f"wagtailadmin_reports:{name}"), "Told in reports")

    def test_the_choosers_and_the_usage_of_a_page(self):
        page = PracticePageFactory(title="Often referred to")
        other = PracticePageFactory()
        other.problem = [("text", f'<p><a linktype="page" id="{page.pk}">there</a></p>')]
        other.save_revision().publish()
        self.assertContains(self.ok("wagtailadmin_pages:usage", page.pk), other.title)
        chosen = self.ok("wagtailadmin_choose_page_child", page.get_parent().pk).json()
        self.assertIn("Often referred to", chosen["html"])

    def test_the_dashboard_and_the_workflows(self):
        page = PracticePageFactory(title="Waiting for somebody")
        self.post(page, "submit")
        self.ok("wagtailadmin_home")
        self.ok("wagtailadmin_workflows:index")
        workflow = self.again(page).get_workflow()
        self.ok("wagtailadmin_workflows:edit", workflow.pk)
        self.ok("wagtailadmin_workflows:usage", workflow.pk)
        self.ok("wagtailadmin_pages:workflow_history", page.pk)


class Bulk(StockCase):
    def act(self, action, pages, **data):
        query = urlencode([("id", page.pk) for page in pages])
        url = f"{reverse('wagtail_bulk_action', args=['pages', 'basepage', action])}?{query}"
        asked = self.client.get(url)
        self.assertEqual(asked.status_code, 200, action)
        for page in pages:
            self.assertContains(asked, page.title)
        self.assertEqual(self.client.post(url, data).status_code, 302, action)

    def test_several_pages_of_several_types_at_once(self):
        pages = [factory(title=f"Bulk {number}") for number, factory in enumerate(FACTORIES)]
        self.act("unpublish", pages)
        self.assertEqual({self.again(page).live for page in pages}, {False})
        self.act("publish", pages)
        self.assertEqual({self.again(page).live for page in pages}, {True})
        target = StandardPageFactory(title="Target")
        plain = [StandardPageFactory(title=f"Plain {number}") for number in range(2)]
        self.act("move", plain, chooser=target.pk)
        self.assertEqual({self.again(page).get_parent().pk for page in plain}, {target.pk})
        self.act("delete", pages)
        self.assertFalse(BasePage.objects.filter(pk__in=[page.pk for page in pages]).exists())


class Deviations(StockCase):
    """What differs on purpose has its section in docs/deviations.md, and the section names code that exists."""

    def test_every_place_and_test_named_there_exists(self):
        root = Path(__file__).parents[2]
        text = (root / "docs/deviations.md").read_text()
        named = set(re.findall(r"`((?:hub|tests|search|roundtables|research)/[\w/]+\.(?:py|css|js))`", text))
        self.assertGreater(len(named), 10)
        self.assertEqual([path for path in sorted(named) if not (root / path).exists()], [])

    def test_privacy_is_one_field_and_not_two(self):
        page = PracticePageFactory()
        html = self.ok("wagtailadmin_pages:set_privacy", page.pk).json()["html"]
        self.assertNotIn('value="login"', html)
        self.assertIn('name="audience"', self.client.get(self.edit_url(page)).content.decode())

    def test_who_made_a_page_has_no_right_to_it(self):
        maker = person("Max Maker", Role.LEADER)
        page = PracticePageFactory(owner=maker)
        held = maker.page_seats.get()
        self.assertTrue(page.permissions_for_user(type(maker).objects.get(pk=maker.pk)).can_edit())
        held.delete()
        permissions = page.permissions_for_user(type(maker).objects.get(pk=maker.pk))
        for may in (
            "edit",
            "delete",
            "publish",
            "unpublish",
            "move",
            "copy",
            "lock",
            "unschedule",
            "submit_for_moderation",
        ):
            self.assertFalse(getattr(permissions, f"can_{may}")(), may)

"""The contract of page seats: five people × what the editor offers × their own page and another one.

Every cell goes through Wagtail's real views. An outcome is a word:
`yes` it happened or was shown; `no` it was refused and nothing changed; `login` asked to log in first.
"""

from __future__ import annotations

import pytest
from django.urls import reverse
from wagtail.models import WorkflowState

from hub.pages.models import BasePage
from hub.practices.models import PracticePage, PracticesIndexPage
from tests.editorial.world import current, decide_in_editor, decide_on_dashboard, edit_url, form_of, newest_text

WHO = ("visitor", "member", "author", "reviewer", "staff")


def word(response, happened):
    if response.status_code == 302 and "/accounts/login/" in response["Location"]:
        return "login"
    return "yes" if happened else "no"


def explorer(client, page):
    response = client.get(reverse("wagtailadmin_explore", args=[page.get_parent().pk]))
    return word(response, response.status_code == 200 and page.title in response.content.decode())


def edit_get(client, page):
    response = client.get(edit_url(page))
    return word(response, response.status_code == 200 and page.title in response.content.decode())


def edit_post(client, page):
    response = client.post(edit_url(page), form_of(page, gist="Changed by hand."))
    return word(response, newest_text(page).gist == "Changed by hand.")


def autosave(client, page):
    response = client.post(
        edit_url(page), form_of(page, gist="Saved by itself."), headers={"accept": "application/json"}
    )
    return word(response, newest_text(page).gist == "Saved by itself.")


def preview(client, page):
    url = reverse("wagtailadmin_pages:view_draft", args=[page.pk])
    response = client.get(url)
    return word(response, response.status_code == 200 and page.title in response.content.decode())


def preview_panel(client, page):
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    response = client.post(url, form_of(page))
    return word(response, response.status_code == 200 and response.json().get("is_valid"))


def history(client, page):
    response = client.get(reverse("wagtailadmin_pages:history", args=[page.pk]))
    return word(response, response.status_code == 200)


def compare(client, page):
    response = client.get(reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, "earliest", "latest"]))
    return word(response, response.status_code == 200)


def submit(client, page):
    response = client.post(edit_url(page), form_of(page, **{"action-submit": "1"}))
    return word(response, WorkflowState.objects.filter(object_id=str(page.pk)).exists())


def approve(client, page):
    page.get_workflow().start(page, None)
    response = decide_in_editor(client, page)
    return word(response, current(page).live)


def approve_on_dashboard(client, page):
    page.get_workflow().start(page, None)
    response = decide_on_dashboard(client, page)
    return word(response, current(page).live)


def publish(client, page):
    response = client.post(edit_url(page), form_of(page, **{"action-publish": "1"}))
    return word(response, current(page).live)


def delete(client, page):
    response = client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    return word(response, not PracticePage.objects.filter(pk=page.pk).exists())


def bulk_publish(client, page):
    response = client.post(f"/admin/bulk/pages/basepage/publish/?id={page.pk}")
    return word(response, current(page).live)


def bulk_delete(client, page):
    response = client.post(f"/admin/bulk/pages/basepage/delete/?id={page.pk}")
    return word(response, not PracticePage.objects.filter(pk=page.pk).exists())


def copy(client, page):
    parent = page.get_parent()
    data = {"new_title": "Copied", "new_slug": "copied", "new_parent_page": parent.pk}
    response = client.post(reverse("wagtailadmin_pages:copy", args=[page.pk]), data)
    return word(response, BasePage.objects.filter(slug="copied").exists())


def move(client, page):
    target = BasePage.objects.get(slug="elsewhere")
    response = client.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, target.pk]))
    return word(response, current(page).get_parent().pk == target.pk)


def lock(client, page):
    response = client.post(reverse("wagtailadmin_pages:lock", args=[page.pk]))
    return word(response, current(page).locked)


def add_below(client, page):
    index = page.get_parent()
    response = client.get(reverse("wagtailadmin_pages:add", args=["practices", "practicepage", index.pk]))
    return word(response, response.status_code == 200)


def chooser(client, page):
    response = client.get(reverse("wagtailadmin_choose_page_child", args=[page.get_parent().pk]))
    return word(response, response.status_code == 200 and page.title in response.json().get("html", ""))


def chooser_search(client, page):
    response = client.get(reverse("wagtailadmin_choose_page_search"), {"q": page.title})
    return word(response, response.status_code == 200 and page.title in response.content.decode())


def report(client, page):
    response = client.get(reverse("wagtailadmin_reports:page_types_usage"))
    return word(response, response.status_code == 200)


def site_history(client, page):
    response = client.get(reverse("wagtailadmin_reports:site_history"))
    return word(response, response.status_code == 200 and page.title in response.content.decode())


# action → outcome on their own page, and on another one, for: visitor, member, author, reviewer, staff
TABLE = {
    explorer: ("login no yes yes yes", "login no no no yes"),
    edit_get: ("login no yes yes yes", "login no no no yes"),
    edit_post: ("login no yes no yes", "login no no no yes"),
    autosave: ("login no yes no yes", "login no no no yes"),
    preview: ("login no yes yes yes", "login no no no yes"),
    preview_panel: ("login no yes yes yes", "login no no no yes"),
    history: ("login no yes yes yes", "login no no no yes"),
    compare: ("login no yes yes yes", "login no no no yes"),
    submit: ("login no yes no yes", "login no no no yes"),
    approve: ("login no no yes yes", "login no no no yes"),
    approve_on_dashboard: ("login no no yes yes", "login no no no yes"),
    publish: ("login no no no yes", "login no no no yes"),
    delete: ("login no no no yes", "login no no no yes"),
    bulk_publish: ("login no no no yes", "login no no no yes"),
    bulk_delete: ("login no no no yes", "login no no no yes"),
    copy: ("login no no no yes", "login no no no yes"),
    move: ("login no no no yes", "login no no no yes"),
    lock: ("login no no no yes", "login no no no yes"),
    add_below: ("login no no no yes", "login no no no yes"),
    chooser: ("login no yes yes yes", "login no no no yes"),
    chooser_search: ("login no yes yes yes", "login no no no yes"),
    report: ("login no no no yes", "login no no no yes"),
    site_history: ("login no no no yes", "login no no no yes"),
}

CELLS = [
    pytest.param(action, who, which, outcome, id=f"{action.__name__}-{who}-{which}")
    for action, rows in TABLE.items()
    for which, row in zip(("own", "other"), rows, strict=True)
    for who, outcome in zip(WHO, row.split(), strict=True)
]


@pytest.mark.parametrize(("action", "who", "which", "outcome"), CELLS)
def test_contract(world, action, who, which, outcome):
    page = world.draft if which == "own" else world.other
    if action is move:
        elsewhere = PracticesIndexPage(title="Elsewhere", slug="elsewhere")
        page.get_parent().get_parent().add_child(instance=elsewhere)
    if action in (chooser_search,):
        from django.core.management import call_command

        call_command("update_index", verbosity=0)
    assert action(world.client(who), current(page)) == outcome


def test_the_table_is_whole():
    assert all(len(row.split()) == len(WHO) for rows in TABLE.values() for row in rows)
    assert len(TABLE) >= 10

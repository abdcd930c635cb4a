"""Everything somebody can try on a page in the editor, each through the address that a browser would ask.

`action(client, page)` gives a word: `yes` it happened or was shown; `no` it was refused and nothing
changed; `login` asked to log in first; `none` nothing to do it to.
Whoever adds an action gives it a row in the matrix.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import COMMENTS_RELATION_NAME, PageLogEntry, TaskState

from hub.editorial.models import ExternalReview, ReviewVote
from hub.pages.models import BasePage, PageInvitation, PageSeat
from hub.practices.models import PracticePage
from tests.editorial.world import current, decide_in_editor, decide_on_dashboard, edit_url, form_of, newest_text


def word(response: Any, happened: Any) -> str:
    if response.status_code == 302 and "/accounts/login/" in response["Location"]:
        return "login"
    return "yes" if happened else "no"


def get(client: Client, name: str, *args: Any, shows: str = "", **query: Any) -> str:
    response = client.get(reverse(name, args=args), query)
    return word(response, response.status_code == 200 and shows in response.content.decode())


# --- looking ---------------------------------------------------------------------------------------------


def explorer(client, page):
    return get(client, "wagtailadmin_explore", page.get_parent().pk, shows=page.get_admin_display_title())


def open_editor(client, page):
    return get(client, "wagtailadmin_pages:edit", page.pk, shows=page.draft_title)


def preview(client, page):
    return get(client, "wagtailadmin_pages:view_draft", page.pk, shows=page.draft_title)


def preview_panel(client, page):
    response = client.post(reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk]), form_of(page))
    return word(response, response.status_code == 200 and response.json().get("is_valid"))


def history(client, page):
    return get(client, "wagtailadmin_pages:history", page.pk)


def compare(client, page):
    return get(client, "wagtailadmin_pages:revisions_compare", page.pk, "earliest", "latest")


def old_text(client, page):
    return get(client, "wagtailadmin_pages:revisions_view", page.pk, page.revisions.order_by("pk").first().pk)


def usage(client, page):
    return get(client, "wagtailadmin_pages:usage", page.pk)


def chooser(client, page):
    response = client.get(reverse("wagtailadmin_choose_page_child", args=[page.get_parent().pk]))
    title = page.get_admin_display_title()
    return word(response, response.status_code == 200 and title in response.json().get("html", ""))


def type_report(client, page):
    return get(client, "wagtailadmin_reports:page_types_usage")


def site_history(client, page):
    return get(client, "wagtailadmin_reports:site_history")


def locked_report(client, page):
    return get(client, "wagtailadmin_reports:locked_pages")


def people(client, page):
    return get(client, "page_people", page.pk)


def read_on_site(client, page):
    response = client.get(page.get_url())
    return word(response, response.status_code == 200)


# --- writing ---------------------------------------------------------------------------------------------


def save_draft(client, page):
    response = client.post(edit_url(page), form_of(page, gist="Changed by hand."))
    return word(response, newest_text(page).gist == "Changed by hand.")


def autosave(client, page):
    data = form_of(page, gist="Saved by itself.")
    response = client.post(edit_url(page), data, headers={"accept": "application/json"})
    return word(response, newest_text(page).gist == "Saved by itself.")


def remark(client, page):
    content = [{"text": "How long?", "contentpath": "gist", "position": "", "id": ""}]
    response = client.post(edit_url(page), form_of(page, remarks=content))
    return word(response, getattr(current(page), COMMENTS_RELATION_NAME).exists())


def revert(client, page):
    oldest = page.revisions.order_by("pk").first()
    return get(client, "wagtailadmin_pages:revisions_revert", page.pk, oldest.pk, shows=page.slug)


def stricter(client, page):
    response = client.post(edit_url(page), form_of(page, audience=30))
    return word(response, newest_text(page).audience == 30)


def wider(client, page):
    BasePage.objects.filter(pk=page.pk).update(audience=20)
    page.audience = 20
    page.save_revision(user=page.latest_revision.user, log_action=False)
    response = client.post(edit_url(page), form_of(page, audience=0))
    return word(response, newest_text(page).audience == 0)


def add_below(client, page):
    return get(client, "wagtailadmin_pages:add", "practices", "practicepage", page.get_parent().pk)


# --- reviewing -------------------------------------------------------------------------------------------


def submit(client, page):
    before = set(TaskState.objects.values_list("pk", flat=True))
    response = client.post(edit_url(page), form_of(page, **{"action-submit": "1"}))
    waits = TaskState.objects.exclude(pk__in=before).filter(status=TaskState.STATUS_IN_PROGRESS)
    return word(response, waits.filter(workflow_state__object_id=str(page.pk)).exists())


def take_back(client, page):
    before = current(page).current_workflow_state
    response = client.post(edit_url(page), form_of(page, **{"action-cancel-workflow": "1"}))
    return word(response, before is not None and current(page).current_workflow_state is None)


def approve(client, page):
    response = decide_in_editor(client, page)
    return word(response, ReviewVote.objects.filter(decision="approve").exists())


def approve_on_dashboard(client, page):
    if page.current_workflow_task_state is None:
        return "none"
    response = decide_on_dashboard(client, page)
    return word(response, ReviewVote.objects.filter(decision="approve").exists())


def approve_an_older_text(client, page):
    """The newest text is another one than the one on the screen."""
    if page.current_workflow_task_state is None:
        return "none"
    seen = form_of(page)
    newest = newest_text(page)
    newest.gist = "Not read by anybody."
    newest.save_revision()
    data = {
        **seen,
        "action-workflow-action": "true",
        "workflow-action-name": "approve",
        "workflow-action-extra-data": json.dumps({"comment": ""}),
    }
    response = client.post(edit_url(page), data)
    return word(response, ReviewVote.objects.filter(decision="approve").exists() or current(page).live is not page.live)


def ask_for_changes(client, page):
    before = ReviewVote.objects.filter(decision="changes").count()
    response = decide_in_editor(client, page, "reject", comment="Say how long it took.")
    return word(response, ReviewVote.objects.filter(decision="changes").count() > before)


# --- keeping it true -------------------------------------------------------------------------------------


def answered(client, page, answer, entry):
    before = PageLogEntry.objects.filter(action=entry).count()
    response = client.post(reverse("upkeep:keep", args=[page.pk]), {"answer": answer})
    return word(response, PageLogEntry.objects.filter(action=entry).count() > before)


def say_still_true(client, page):
    return answered(client, page, "still_true", "hub.upkeep.still_true")


def say_obsolete(client, page):
    return answered(client, page, "obsolete", "hub.upkeep.obsolete")


# --- the office ------------------------------------------------------------------------------------------


def publish(client, page):
    before = page.live_revision_id
    response = client.post(edit_url(page), form_of(page, **{"action-publish": "1", "go_live_at": ""}))
    now = current(page)
    return word(response, now.live and now.live_revision_id != before)


def schedule(client, page):
    later = (timezone.localtime() + timedelta(days=3)).strftime("%Y-%m-%d %H:%M")
    before = newest_text(page).go_live_at
    response = client.post(edit_url(page), form_of(page, go_live_at=later))
    return word(response, newest_text(page).go_live_at != before)


def unschedule(client, page):
    if not page.latest_revision.approved_go_live_at:
        return "none"
    response = client.post(reverse("wagtailadmin_pages:revisions_unschedule", args=[page.pk, page.latest_revision_id]))
    return word(response, current(page).latest_revision.approved_go_live_at is None)


def unpublish(client, page):
    if not page.live:
        return "none"
    response = client.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
    return word(response, not current(page).live)


def delete(client, page):
    response = client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    return word(response, not PracticePage.objects.filter(pk=page.pk).exists())


def bulk(action):
    def act(client, page):
        response = client.post(f"/admin/bulk/pages/basepage/{action}/?id={page.pk}", {"chooser": ""})
        now = PracticePage.objects.filter(pk=page.pk).first()
        return word(response, now is None or now.live is not page.live)

    act.__name__ = f"bulk_{action}"
    return act


bulk_publish, bulk_unpublish, bulk_delete = bulk("publish"), bulk("unpublish"), bulk("delete")


def copy(client, page):
    data = {"new_title": "Copied", "new_slug": "copied", "new_parent_page": page.get_parent().pk}
    response = client.post(reverse("wagtailadmin_pages:copy", args=[page.pk]), data)
    return word(response, BasePage.objects.filter(slug="copied").exists())


def move(client, page):
    target = BasePage.objects.get(slug="elsewhere")
    response = client.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, target.pk]))
    return word(response, current(page).get_parent().pk == target.pk)


def lock(client, page):
    response = client.post(reverse("wagtailadmin_pages:lock", args=[page.pk]))
    return word(response, current(page).locked)


# --- people ----------------------------------------------------------------------------------------------


def ask_somebody(client, page):
    sent = {"who": "new@elsewhere.example", "role": "reviewer", "send": "yes"}
    response = client.post(reverse("page_people", args=[page.pk]), sent)
    return word(response, PageInvitation.objects.filter(page_id=page.pk).exists())


def ask_outside(client, page):
    sent = {"who": "out@elsewhere.example", "role": "external", "name": "Out", "send": "yes"}
    response = client.post(reverse("page_people", args=[page.pk]), sent)
    return word(response, ExternalReview.objects.filter(page_id=page.pk).exists())


def let_outside_approve(client, page):
    sent = {"who": "out@elsewhere.example", "role": "external", "name": "Out", "may_approve": "on", "send": "yes"}
    response = client.post(reverse("page_people", args=[page.pk]), sent)
    return word(response, ExternalReview.objects.filter(page_id=page.pk, may_approve=True).exists())


def end_a_seat(client, page):
    victim = PageSeat.objects.create(page_id=page.pk, user=other_person(), role="reviewer")
    response = client.post(reverse("page_people", args=[page.pk]), {"end": victim.pk})
    return word(response, not PageSeat.objects.filter(pk=victim.pk).exists())


def date_a_seat(client, page):
    victim = PageSeat.objects.create(page_id=page.pk, user=other_person(), role="reviewer")
    tomorrow = timezone.localdate() + timedelta(days=1)
    response = client.post(reverse("page_people", args=[page.pk]), {"date": victim.pk, "until": tomorrow.isoformat()})
    return word(response, PageSeat.objects.get(pk=victim.pk).expires_at is not None)


def hand_over(client, page):
    heir = PageSeat.objects.create(page_id=page.pk, user=other_person(), role="co_author")
    response = client.post(reverse("page_people", args=[page.pk]), {"hand_over": heir.pk})
    return word(response, current(page).owner_id == heir.user_id)


def appoint_a_leader(client, page):
    section = page.get_parent()
    response = client.post(reverse("page_people", args=[section.pk]), {"appoint": "yes", "leader": "uma@example.org"})
    return word(response, other_person().groups.filter(name__startswith="Lead").exists())


def other_person():
    from hub.accounts.models import User

    return User.objects.get(email="uma@example.org")

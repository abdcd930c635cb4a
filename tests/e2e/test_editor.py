"""Two people in the editor at once, and what they paste into it: in real browsers, against a real server."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.clipboard import GOOGLE_DOCS, WORD
from tests.e2e.conftest import LEADER, MEMBER
from tests.e2e.test_looks import STANDARD, barriers

AUTOSAVE = 20_000  # milliseconds in which it must have happened, on a slow machine


def run(hub, code: str) -> str:
    return hub.manage("shell", "--no-imports", "-c", code).strip().splitlines()[-1]


@pytest.fixture
def page_id(hub) -> int:
    """A draft of its own that Adaeze and Nadia write."""
    code = f"""
from hub.accounts.models import User
from hub.pages.models import PageSeat
from hub.practices.models import PracticePage, PracticesIndexPage
index = PracticesIndexPage.objects.get()
page = index.add_child(instance=PracticePage(title='Two pens', live=False, problem=[('text', '<p>As it was.</p>')]))
page.save_revision()
for email in ('{LEADER}', '{MEMBER}'):
    PageSeat.objects.create(page_id=page.pk, user=User.objects.get(email=email), role='co_author')
print(page.pk)
"""
    return int(run(hub, code))


def texts_of(hub, page_id: int) -> dict:
    """The gist of the newest text, those of all texts, and the stored first answer of the newest one."""
    code = f"""
import json
from hub.practices.models import PracticePage
page = PracticePage.objects.get(pk={page_id})
newest = page.get_latest_revision_as_object()
gists = [revision.content['gist'] for revision in page.revisions.order_by('pk')]
problem = newest.problem[0].value.source if newest.problem else ''
print(json.dumps({{'newest': newest.gist, 'all': gists, 'problem': problem, 'remarks': [
    comment.text for comment in page.wagtail_admin_comments.all()]}}))
"""
    return json.loads(run(hub, code))


def edit(visitor, page_id: int):
    page = visitor.open(f"/admin/pages/{page_id}/edit/")
    expect(page.locator('[name="gist"]')).to_be_visible()
    page.wait_for_load_state("networkidle")
    return page


def saved(page, action) -> None:
    """Do something, and wait until the autosave that follows has been answered."""
    with page.expect_response(
        lambda response: response.request.method == "POST" and response.url.endswith("/edit/"), timeout=AUTOSAVE
    ):
        action()


def test_two_editors_and_one_autosave_lose_no_word(visit, hub, page_id):
    """Both have the page open. One saves, the other goes on typing, and then simply leaves."""
    leader, member = visit(LEADER), visit(MEMBER)
    ours, theirs = edit(leader, page_id), edit(member, page_id)
    expect(ours.get_by_role("button", name=re.compile("Nadia Farouk"))).to_be_visible(
        timeout=AUTOSAVE
    )  # she is here, too

    saved(ours, lambda: ours.fill('[name="gist"]', "Adaeze’s words."))
    saved(theirs, lambda: theirs.fill('[name="gist"]', "Nadia’s words."))
    note = theirs.locator(".kept-note")
    expect(note).to_contain_text("saved this page while you were writing", timeout=AUTOSAVE)
    expect(note.get_by_role("link", name="Compare the two texts")).to_be_visible()
    saved(theirs, lambda: theirs.fill('[name="gist"]', "Nadia’s words, and more of them."))
    theirs.fill('[name="gist"]', "Nadia’s words, and the last ones.")
    theirs.on("dialog", lambda dialog: dialog.accept())
    theirs.goto(hub.url + "/practices/")  # gone before the next three seconds are over
    theirs.wait_for_load_state("networkidle")

    texts = texts_of(hub, page_id)
    assert texts["newest"] == "Adaeze’s words."
    assert "Nadia’s words, and the last ones." in texts["all"]

    page = member.open(f"/admin/pages/{page_id}/history/")
    expect(page.get_by_text("Typed this while somebody else saved").first).to_be_visible()
    assert leader.complaints == []


def test_who_saves_over_the_other_leaves_both_texts_in_the_history(visit, hub, page_id):
    leader, member = visit(LEADER), visit(MEMBER)
    ours, theirs = edit(leader, page_id), edit(member, page_id)
    saved(ours, lambda: ours.fill('[name="gist"]', "Adaeze’s words."))
    saved(theirs, lambda: theirs.fill('[name="gist"]', "Nadia’s words."))
    expect(theirs.locator(".kept-note")).to_be_visible(timeout=AUTOSAVE)
    # Wagtail asks who is here at the same moment; from its answer on, saving by hand is asked about.
    expect(theirs.get_by_role("button", name="Adaeze Obi saved a new version")).to_be_visible(timeout=AUTOSAVE)
    theirs.get_by_role("button", name="Save draft").click()
    dialogue = theirs.locator("#w-save-confirmation-dialog")
    expect(dialogue).to_be_visible()
    with theirs.expect_navigation():
        dialogue.locator('[data-w-dialog-target="confirm"]').click()
    texts = texts_of(hub, page_id)
    assert texts["newest"] == "Nadia’s words."
    assert "Adaeze’s words." in texts["all"]
    page = edit(leader, page_id)
    expect(page.get_by_text("changed the text since you last looked")).to_be_visible()
    page.get_by_role("link", name="See what changed").click()
    expect(page.locator("main")).to_contain_text("Nadia’s")


@pytest.mark.parametrize("clipboard", [WORD, GOOGLE_DOCS], ids=["word", "google docs"])
def test_pasted_text_comes_out_clean(visit, hub, page_id, clipboard):
    leader = visit(LEADER)
    source = leader.open("/robots.txt")
    source.evaluate(
        """html => { document.oncopy = event => {
            event.clipboardData.setData("text/html", html);
            event.clipboardData.setData("text/plain", "only words");
            event.preventDefault();
        } }""",
        clipboard,
    )
    source.keyboard.press("Control+c")
    page = edit(leader, page_id)
    box = page.locator('[data-contentpath="problem"] [role="textbox"]').first
    box.click()
    page.keyboard.press("Control+a")
    saved(page, lambda: page.keyboard.press("Control+v"))
    expect(box).to_contain_text("The end.")
    page.wait_for_timeout(4000)
    stored = re.sub(r' data-block-key="\w+"', "", texts_of(hub, page_id)["problem"])
    assert stored == (
        "<p><b>Bold words</b> <i>and slanted</i> ones.</p>"
        '<ul><li>First point</li><li>Second <a href="https://www.example.org/two">point</a></li></ul>'
        "<ol><li>Ask</li><li>Listen</li></ol><p>The end.</p>"
    )


def test_a_remark_offers_those_with_a_seat_and_calls_them(visit, hub, page_id):
    leader = visit(LEADER)
    page = edit(leader, page_id)
    page.locator('[data-side-panel-toggle="comments"]').click()
    field = page.locator('section:has([name="gist"])').last
    field.hover()
    field.locator("[data-comment-add]").first.click()
    box = page.locator("#comments textarea").first
    box.click()
    page.keyboard.type("What do you think, @Na")
    page.get_by_role("button", name="@Nadia Farouk").click()
    expect(box).to_have_value("What do you think, @Nadia Farouk ")
    page.keyboard.type("and who else?")
    saved(page, lambda: page.locator("#comments").get_by_role("button", name="Comment", exact=True).click())
    assert texts_of(hub, page_id)["remarks"] == ["What do you think, @Nadia Farouk and who else?"]
    member = visit(MEMBER)
    expect(member.open("/my-hub/notifications/").locator("main")).to_contain_text("mentions you in a remark")


def test_the_checks_follow_what_is_typed_and_lead_there(visit, page_id):
    leader = visit(LEADER)
    page = edit(leader, page_id)
    page.locator('[data-side-panel-toggle="checks"]').click()
    checks = page.locator("[data-content-remarks]")
    expect(checks).to_contain_text("There is no gist.")
    page.fill('[name="gist"]', "The KPI rose.")
    expect(checks).not_to_contain_text("There is no gist.", timeout=AUTOSAVE)
    expect(checks).to_contain_text("What is KPI?")
    go = checks.locator("li", has_text="It has no topic").get_by_role("button")
    go.click()
    expect(page.get_by_role("tab", name="Where it belongs")).to_have_attribute("aria-selected", "true")
    expect(page.locator('[name="topics"]').first).to_be_in_viewport()
    assert barriers(page, STANDARD) == []

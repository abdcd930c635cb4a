"""A member brings a practice in a real browser: typed, saved by itself, handed in; with a leader in the same draft."""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.e2e.conftest import LEADER, MEMBER

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
AUTHOR = MEMBER
SAVED = re.compile(r"Saved at \d\d:\d\d")


def answers(page, title):
    page.get_by_label("What do you do, in a few words?").fill(title)
    page.get_by_label("What was the problem?").fill(
        "Volunteers stop coming after the first month, and nobody asks why."
    )
    page.get_by_label("What did you do about it?").fill("1. We rang them in week three.\n2. We asked one question.")
    page.get_by_label("What came of it?").fill("Half of them came back. It did not work by mail.")
    page.get_by_label("And all of it in one paragraph?").fill("Ring people in week three.")


def editor_writes(hub, page_id, gist):
    """What a co-author saves in the editor meanwhile."""
    code = (
        "from hub.practices.models import PracticePage; from hub.accounts.models import User;"
        f"page = PracticePage.objects.get(pk={page_id}).get_latest_revision_as_object(); page.gist = {gist!r};"
        f"page.save(); page.save_revision(user=User.objects.get(email={LEADER!r}))"
    )
    hub.manage("shell", "--no-imports", "-c", code)


def test_a_practice_is_proposed_saved_by_itself_and_handed_in(visit, hub):
    author = visit(AUTHOR)
    page = author.open("/practices/")
    page.get_by_role("link", name="Propose a practice").click()
    answers(page, "The call in week three")
    status = page.locator("[data-saved]")
    expect(status).to_contain_text(SAVED, timeout=15_000)
    page.wait_for_url(re.compile(r"/practices/propose/\d+/"))
    expect(page.get_by_role("heading", name="Is it one of these?")).to_be_visible()
    violations = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in violations] == []

    # the same answer is changed in the editor: both are shown, nothing typed is lost
    page_id = int(re.search(r"/propose/(\d+)/", page.url)[1])
    editor_writes(hub, page_id, "Ring them, do not write.")
    gist = page.get_by_label("And all of it in one paragraph?")
    gist.fill("Ring people in week three, and ask.")
    conflict = page.locator("[data-question=gist] [data-conflict]")
    expect(conflict).to_contain_text("Ring them, do not write.", timeout=15_000)
    expect(gist).to_have_value("Ring people in week three, and ask.")
    conflict.get_by_role("button", name="Keep mine").click()
    expect(status).to_contain_text(SAVED, timeout=15_000)
    expect(conflict).to_have_count(0)

    # it is still there after the window was closed, and is handed in
    author.complaints = [
        said for said in author.complaints if "409" not in said
    ]  # the answer that told of the conflict
    page = author.open(f"/practices/propose/{page_id}/")
    expect(page.get_by_label("And all of it in one paragraph?")).to_have_value("Ring people in week three, and ask.")
    page.get_by_role("button", name="Hand it in for review").click()
    page.wait_for_url(re.compile("/my-hub/"))
    expect(page.get_by_text("Waiting for review")).to_be_visible()
    assert author.complaints == []
    stranger = visit(LEADER)
    assert stranger.page.goto(f"{hub.url}/practices/propose/{page_id}/").status == 404


def test_it_works_without_scripts_on_a_phone_and_by_keyboard(visit):
    author = visit(AUTHOR, java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = author.open("/practices/propose/")
    answers(page, "Written without a script")
    page.get_by_role("button", name="Save the draft").press("Enter")
    expect(page.locator(".messages")).to_contain_text("Saved.")
    assert page.get_by_label("What do you do, in a few words?").input_value() == "Written without a script"
    box = page.locator("main").bounding_box()
    assert box is not None and box["width"] <= 390
    page.get_by_role("link", name="Delete this draft").click()
    page.get_by_role("button", name="Delete the draft").click()
    expect(page.locator(".messages")).to_contain_text("deleted")

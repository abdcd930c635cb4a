"""The journeys the hub is for, in a real browser against a real server."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.conftest import LEADER, MEMBER, REVIEWER

DRAFT = "practices"


def draft_with_seats(hub):
    """(page id, title) of the demo's draft that Adaeze co-authors and Marta reviews."""
    code = (
        "from hub.pages.models import PageSeat;"
        "seats = PageSeat.objects.filter(user__email='adaeze.obi@example.org', role='co_author', page__live=False);"
        "seat = next(s for s in seats.select_related('page') if s.page.page_seats.filter("
        "user__email='marta.lindqvist@example.org', role='reviewer').exists() "
        "and not s.page.specific.workflow_in_progress);"
        "print(seat.page_id, seat.page.draft_title or seat.page.title, sep='|')"
    )
    page_id, _, title = hub.manage("shell", "--no-imports", "-c", code).strip().splitlines()[-1].partition("|")
    return int(page_id), title


def test_a_visitor_reads_what_is_public_and_is_asked_in_for_the_rest(visit):
    visitor = visit()
    page = visitor.open("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(visitor.hub.url + "/practices/")
    links = page.locator("main .row__title a")
    assert links.count() >= 5
    links.first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(visitor.hub.url + "/my-hub/")
    assert "/accounts/login/" in page.url
    assert visitor.complaints == []


def test_a_member_finds_a_practice_in_their_own_words(visit):
    member = visit(MEMBER)
    page = member.open("/")
    page.keyboard.press("/")
    page.keyboard.type("nobody reads my report to the board")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/search/\?"))
    assert page.locator("main .row__title a").count() >= 3
    assert page.locator("main mark").count() >= 1
    page.locator("main .row__title a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert member.complaints == []


def test_a_page_is_written_reviewed_published_and_found(visit, hub):
    """L1: the co-author edits and submits, may not approve; the reviewer approves; a member finds it a moment later."""
    page_id, title = draft_with_seats(hub)
    leader = visit(LEADER)
    page = leader.open("/my-hub/")
    expect(page.get_by_role("link", name=title).first).to_be_visible()
    page = leader.open(f"/admin/pages/{page_id}/edit/")
    gist = page.locator("textarea[name=gist]")
    gist.fill("Put the kettle on before the agenda: quokkafold meetings start with what people carry.")
    page.locator(".footer__container .w-dropdown__toggle, .footer .w-dropdown__toggle").last.click()
    page.get_by_role("button", name=re.compile("Submit")).click()
    page.wait_for_load_state()
    expect(page.locator(".messages")).to_contain_text(re.compile("submitted", re.IGNORECASE))
    page.goto(hub.url + f"/admin/pages/{page_id}/edit/")
    assert page.get_by_role("button", name=re.compile("^Approve")).count() == 0

    member = visit(MEMBER)
    member.open("/search/?q=quokkafold&exact=1")  # else it would show what is spelt nearly so
    expect(member.page).to_have_title(re.compile("nothing found"))

    reviewer = visit(REVIEWER)
    page = reviewer.open("/my-hub/")
    page.get_by_role("link", name=title).first.click()
    page.wait_for_url(re.compile("/admin/pages/"))
    page.locator(".footer__container .w-dropdown__toggle, .footer .w-dropdown__toggle").last.click()
    page.get_by_role("button", name="Approve", exact=True).click()
    page.wait_for_load_state()

    member.open("/search/?q=quokkafold")
    results = member.page.locator("main .row__title a")
    expect(results).to_have_count(1)
    results.first.click()
    expect(member.page.get_by_role("heading", level=1)).to_contain_text(title)
    assert "marta.lindqvist@example.org" in hub.mails(), "what waits for her is mailed at once"
    expect(leader.open("/my-hub/notifications/").locator("main")).to_contain_text(title)


def test_everything_a_reader_does_works_without_javascript(visit):
    member = visit(MEMBER, java_script_enabled=False)
    page = member.open("/")
    page.locator("input[name=q]").first.fill("volunteers")
    page.locator("input[name=q]").first.press("Enter")
    page.wait_for_url(re.compile(r"/search/\?"))
    assert page.locator("main .row__title a").count() >= 1
    page.locator("main .row__title a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(member.hub.url + "/people/")
    assert page.locator("main a[href^='/people/']").count() >= 10


def test_the_keyboard_alone_is_enough(visit):
    visitor = visit()
    page = visitor.open("/practices/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.closest('main') !== null")
    assert focused
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"

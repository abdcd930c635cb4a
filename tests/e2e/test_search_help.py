"""Help while searching, as a keyboard, a finger, a screen reader and a browser without scripts meet it."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import MEMBER
from tests.e2e.test_looks import barriers

LIST = "[role=listbox]"
OPTION = "[role=option]"


def type_in(page: Page, text: str) -> None:
    box = page.get_by_role("combobox")
    box.fill("")
    box.press_sequentially(text)


def active(page: Page) -> str | None:
    return page.get_by_role("combobox").get_attribute("aria-activedescendant")


@pytest.mark.parametrize("path", ["/", "/search/", "/practices/", "/search/?q=volunteers"])
def test_the_keyboard_does_everything(visit, path):
    member = visit(MEMBER)
    page = member.open(path)
    box = page.get_by_role("combobox")
    expect(box).to_have_count(1)
    expect(box).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("/")
    expect(box).to_be_focused()
    type_in(page, "volunt")
    expect(page.locator(LIST)).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    number = page.locator(OPTION).count() - 1
    expect(page.locator(".ask + [role=status]")).to_contain_text(f"{number} suggestion")

    page.keyboard.press("ArrowDown")
    assert active(page) == "suggest-0"
    page.keyboard.press("ArrowDown")
    assert active(page) == "suggest-1"
    expect(page.locator("#suggest-1")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert active(page) is None, "what was typed comes before the first option"
    page.keyboard.press("ArrowUp")
    assert active(page) == f"suggest-{number}"
    page.keyboard.press("Home")
    assert active(page) is None
    assert box.evaluate("box => box.selectionStart") == 0
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    assert active(page) is None
    assert box.evaluate("box => box.selectionStart") == len("volunt")

    page.keyboard.press("Escape")
    expect(page.locator(LIST)).to_be_hidden()
    expect(box).to_have_value("volunt")
    page.keyboard.press("ArrowDown")
    expect(page.locator(LIST)).to_be_visible()
    page.keyboard.press("ArrowDown")
    assert active(page) == "suggest-1", "opening the list again begins at its top"
    address = page.locator("#suggest-1").get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith(address))
    assert member.complaints == []


def test_enter_without_a_choice_searches(visit):
    page = visit().open("/")
    type_in(page, "volunt")
    expect(page.locator(LIST)).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/search/\?q=volunt$"))


def test_leaving_the_box_closes_the_list_and_a_press_opens_the_page(visit):
    page = visit(has_touch=True, viewport={"width": 390, "height": 800}).open("/practices/")
    type_in(page, "volunt")
    option = page.locator(OPTION).nth(1)
    expect(option).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator(LIST)).to_be_hidden()
    type_in(page, "volunt")
    address = option.get_attribute("href")
    option.tap()
    page.wait_for_url(lambda url: url.endswith(address))


def test_an_answer_that_comes_late_is_ignored(visit):
    page = visit().open("/practices/")

    def slowly(route):
        if route.request.url.endswith("q=vol"):
            time.sleep(0.8)
            route.fulfill(status=200, content_type="text/html", body='<a role="option" id="suggest-0">late</a>' * 3)
        else:
            route.continue_()

    # The first question is let through although a second was asked: as from a server that answers it later.
    page.add_init_script("AbortController.prototype.abort = () => {}")
    page.reload()
    page.route("**/search/suggest/**", slowly)
    type_in(page, "vol")
    with page.expect_request(lambda request: request.url.endswith("q=vol")):
        pass
    page.get_by_role("combobox").press_sequentially("unt")
    expect(page.locator(LIST)).to_be_visible()
    page.wait_for_timeout(1_200)
    assert "late" not in page.locator(LIST).inner_text()
    assert "volunt" in page.locator(OPTION).first.inner_text()


def test_typing_asks_once_a_pause(visit):
    page = visit().open("/practices/")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/suggest/" in request.url else None)
    page.get_by_role("combobox").press_sequentially("volunteers", delay=10)
    expect(page.locator(LIST)).to_be_visible()
    assert len(asked) < 4, "a slow machine pauses by itself, but not after every letter"
    assert asked[-1].endswith("q=volunteers")
    page.get_by_role("combobox").fill("")
    expect(page.locator(LIST)).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("path", ["/", "/practices/"])
def test_the_open_list_has_no_barrier_and_moves_nothing(visit, scheme, width, path):
    member = visit(MEMBER, color_scheme=scheme, viewport={"width": width, "height": 800})
    page = member.open(path)
    before = page.evaluate("document.querySelector('#main').getBoundingClientRect().top + document.body.scrollHeight")
    type_in(page, "co")
    expect(page.locator(LIST)).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    after = page.evaluate("document.querySelector('#main').getBoundingClientRect().top + document.body.scrollHeight")
    assert after == before
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    frame = page.locator(LIST).bounding_box()
    assert frame["x"] >= 0
    assert frame["x"] + frame["width"] <= width
    assert barriers(page) + member.complaints == []


def test_without_scripts_it_is_a_form(visit):
    page = visit(java_script_enabled=False).open("/")
    assert page.locator("#q").get_attribute("role") is None, "no combobox is promised that is none"
    page.fill("#q", "volunteers")
    page.click(".ask button[type=submit]")
    page.wait_for_url(re.compile(r"/search/\?q=volunteers"))
    expect(page.locator("main .row").first).to_be_visible()


def test_when_suggestions_fail_the_box_goes_on(visit):
    page = visit().open("/practices/")
    page.route("**/search/suggest/**", lambda route: route.abort())
    type_in(page, "volunt")
    page.wait_for_timeout(400)
    expect(page.locator(LIST)).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/search/"))

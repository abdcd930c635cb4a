"""The whole way of a roundtable in four windows that are open at once: a series is planned, its table is filled and
asked, those who were there check what it came to, and one of them makes a practice of it. And the mails that it sends.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from roundtables.recurrence import WEEK
from tests.e2e.conftest import LEADER, MEMBER, REVIEWER, STAFF
from tests.e2e.test_story import Post, ask, link_in, run

SERIES = "The quornlight table"
WORD = "quornlight"
QUESTION = "How do you ask somebody why they went quiet?"
STATEMENT = "Whoever is rung in week three stays, and quornlight does the rest."
SESSION = "from roundtables.models import SessionPage; page = SessionPage.objects.get(pk={pk});"


def number_in(page: Page) -> int:
    found = re.search(r"/pages/(\d+)/", page.url)
    assert found, page.url
    return int(found[1])


def press_in_footer(page: Page, name: str) -> None:
    page.locator(".footer__container .w-dropdown__toggle, .footer .w-dropdown__toggle").last.click()
    page.get_by_role("button", name=name, exact=True).click()


def plan_a_series(staff, index: str) -> int:
    """Staff write a series that meets every Thursday, publish it, and have its sessions planned; its number."""
    page = staff.open(f"/admin/pages/add/roundtables/seriespage/{index}/")
    page.fill('[name="title"]', SERIES)
    page.fill('[name="gist"]', "Peers who lose people in their first month, every week for an hour.")
    page.select_option('[name="every"]', WEEK)
    page.locator('[name="weekdays"][value="TH"]').check()
    page.fill('[name="starts_on"]', str(date.today() + timedelta(days=1)))
    page.fill('[name="start_time"]', "16:00")
    page.fill('[name="minutes"]', "60")
    page.fill('[name="capacity"]', "8")
    page.locator('[name="publishes_sessions"]').check()
    press_in_footer(page, "Publish")
    expect(page.locator(".messages")).to_contain_text("published")
    code = f"from roundtables.models import SeriesPage; print(SeriesPage.objects.get(title={SERIES!r}).pk)"
    return int(run(staff.hub, code).split()[-1])


def let_it_be_over(hub, session: int) -> None:
    """An hour ago it ended: what the clock does, done at once, and the page published as its host would."""
    code = SESSION.format(pk=session) + (
        "from datetime import timedelta; from django.utils import timezone; now = timezone.now();"
        "page.starts_at, page.ends_at = now - timedelta(hours=2), now - timedelta(hours=1);"
        "page.save_revision(clean=False).publish()"
    )
    run(hub, code)


def test_from_a_series_to_a_practice(visit, hub):
    post = Post(hub)
    staff, leader, member, reviewer = visit(STAFF), visit(LEADER), visit(MEMBER), visit(REVIEWER)
    index = run(hub, "from roundtables.models import RoundtablesIndexPage as P; print(P.objects.get().pk)").split()[-1]

    # Staff plan a series; whoever reads the calendar sees its first session.
    series = plan_a_series(staff, index)
    page = staff.open(f"/admin/series-dates/{series}/")
    page.get_by_role("button", name="Plan now").click()
    expect(page.locator(".messages")).to_contain_text("Planned: ")
    page.get_by_role("link", name=SERIES).first.click()
    session = number_in(page)
    address = run(hub, SESSION.format(pk=session) + "print(page.url)").split()[-1]

    # A member-leader is asked to host; members take seats, one asks a question, another votes for it.
    ask(staff, session, "Adaeze Obi", "to write it: co-author")
    leader.open(link_in(post.letter(LEADER, "asks you to write"), "/my-hub/invitations/"))
    for window in (leader, member, reviewer):
        page = window.open(address)
        page.get_by_role("button", name="Take a seat").click()
        expect(page.locator("main")).to_contain_text("You have a seat")
    page = member.open(address)
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Ask it").click()
    page = reviewer.open(address)
    page.get_by_role("button", name=re.compile("Vote for")).click()
    page = leader.open(f"/sessions/{session}/run/")
    expect(page.locator("main")).to_contain_text(QUESTION)
    assert QUESTION not in visit().open(address).content()

    # It is over. The host writes down what it came to, and sends it to those who were there.
    let_it_be_over(hub, session)
    page = leader.open(f"/roundtables/takeaways/of/{session}/")
    page.get_by_label("One statement worth keeping").fill(STATEMENT)
    page.get_by_role("button", name="Keep this draft").click()
    page.get_by_role("button", name=re.compile("^Send ")).click()
    expect(page.locator(".messages")).to_contain_text("before those who were there")
    assert STATEMENT not in visit().open(address).content()

    # Nobody else is asked, or can answer; those who were there follow their mail and say yes.
    assert staff.page.goto(f"{hub.url}/roundtables/takeaways/of/{session}/check/").status == 404
    asked = {
        window: link_in(post.letter(who, "A takeaway waits for your eyes"), "/roundtables/takeaways/of/")
        for window, who in ((member, MEMBER), (reviewer, REVIEWER))
    }
    for window, link in {**asked, leader: asked[member]}.items():  # whoever sent it is not mailed
        page = window.open(link)
        page.get_by_label("Yes, that is what the table said").check()
        page.get_by_role("button", name="Send my answers").click()
        expect(page.locator(".messages")).to_contain_text("Thank you")
    assert post.subjects(STAFF) == []

    # All have agreed: it is published, found by everybody, and says how it came about.
    page = leader.open(f"/roundtables/takeaways/of/{session}/")
    page.get_by_role("button", name=re.compile("^Publish")).click()
    everybody = visit()
    page = everybody.open(f"/search/?q={WORD}&kind=takeaway")
    found = page.locator("main .row__title a")
    expect(found).to_have_count(1)
    found.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(STATEMENT)
    takeaway = page.url
    expect(everybody.open(address).locator("#takeaways")).to_contain_text(STATEMENT)

    # Whoever was there makes a practice of it, which goes through review and keeps where it came from.
    page = member.open(takeaway)
    page.get_by_role("button", name="Turn into a practice").click()
    page.wait_for_url(re.compile(r"/practices/propose/\d+/"))
    practice = int(re.search(r"/propose/(\d+)/", page.url)[1])
    title = "Ring them in week three, quornlight or not"
    for question, answer in {
        "What do you do, in a few words?": title,
        "What was the problem?": "People went quiet after a month.",
        "What did you do about it?": "1. Ring them.\n2. Ask one question.",
        "What came of it?": "Half of them stayed.",
        "And all of it in one paragraph?": "Ring people in week three.",
    }.items():
        page.get_by_label(question).fill(answer)
    for name in ("functions", "industries"):
        page.locator(f'[data-question="{name}"] input[type=checkbox]').first.check()
    page.get_by_label("Everybody, also people who search the web").check()
    page.get_by_role("button", name="Hand it in for review").click()
    page.wait_for_url(re.compile("/my-hub/"))
    page = staff.open(f"/admin/pages/{practice}/edit/")
    press_in_footer(page, "Approve")
    expect(page.locator(".messages")).to_contain_text("it is published")
    page = everybody.open(takeaway)
    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.locator("main p", has_text="It began with a takeaway").get_by_role("link", name=STATEMENT).click()
    expect(page).to_have_url(takeaway)
    # Each was mailed what waited for them, once.
    assert [len(post.to(who)) for who in (LEADER, MEMBER, REVIEWER)] == [1, 1, 1]
    for window in (leader, member, reviewer, everybody):
        assert window.complaints == []

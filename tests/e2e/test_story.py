"""The whole way of one practice, in five windows that are open at once: proposed, written together, read by somebody
outside, approved by two, live, found and credited. And the mails that it sends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import LEADER, MEMBER, REVIEWER, STAFF

TITLE = "The plinthwhistle hour"
WORD = "plinthwhistle"
OUTSIDER = "ruth.okafor@elsewhere.example"
AUTOSAVE = 20_000  # milliseconds in which it must have happened, on a slow machine


def run(hub, code: str) -> str:
    return hub.manage("shell", "--no-imports", "-c", code).strip()


@pytest.fixture
def two_have_to_approve(hub) -> Iterator[None]:
    """The demo's practices need one approval. Here they need two, so that neither of the reviewers suffices."""
    task = (
        "from hub.practices.models import PracticesIndexPage;"
        "task = PracticesIndexPage.objects.get().get_workflow().tasks.get().specific;"
    )
    before = int(run(hub, f"{task} print(task.quorum)").splitlines()[-1])
    run(hub, f"{task} task.quorum = 2; task.save()")
    yield
    run(hub, f"{task} task.quorum = {before}; task.save()")


class Post:
    """The mails that were sent since it was made."""

    def __init__(self, hub) -> None:
        self._folder = hub.data / "mail"
        self._before = set(self._folder.glob("*"))

    def to(self, address: str) -> list[EmailMessage]:
        """All mails to one address, in no order."""
        texts = [
            text for file in set(self._folder.glob("*")) - self._before
            for text in re.split(rb"\n-{79}\n", file.read_bytes()) if text.strip()
        ]  # fmt: skip
        letters = [message_from_bytes(text, policy=policy.default) for text in texts]
        return [letter for letter in letters if letter["To"] == address]

    def subjects(self, address: str) -> list[str]:
        return sorted(letter["Subject"].strip() for letter in self.to(address))

    def letter(self, address: str, subject: str) -> str:
        """The plain text of the one mail to `address` whose subject has these words."""
        found = [letter for letter in self.to(address) if subject in letter["Subject"]]
        assert len(found) == 1, f"{subject!r} is not once among {self.subjects(address)}"
        return found[0].get_body(("plain",)).get_content()


def link_in(letter: str, path: str) -> str:
    found = re.search(rf"http\S+{path}\S*", letter)
    assert found, letter
    return found[0]


def answer_the_questions(page) -> None:
    for question, answer in {
        "What do you do, in a few words?": TITLE,
        "What was the problem?": "Nobody rang the people who had stopped coming.",
        "What did you do about it?": "1. We rang them.\n2. We asked one question.",
        "What came of it?": "Half of them came back.",
        "And all of it in one paragraph?": "Ring people.",
    }.items():
        page.get_by_label(question).fill(answer)
    for name in ("functions", "industries"):
        page.locator(f'[data-question="{name}"] input[type=checkbox]').first.check()
    page.get_by_label("Everybody, also people who search the web").check()


def ask(staff, page_id: int, who: str, role: str, name: str = "") -> None:
    """Staff ask somebody to take part, in the two steps of the box."""
    page = staff.open(f"/admin/page-people/{page_id}/")
    box = page.locator("#ask")
    box.get_by_label("Member’s name or e-mail address").fill(who)
    box.get_by_label(role).check()
    box.get_by_role("button", name="See what will happen").click()
    if name:
        box.get_by_label("Their name").fill(name)
        box.get_by_label("May approve the text, too").check()
    box.get_by_role("button", name=f"Send it to {who}").click()
    expect(page.locator(".messages")).to_contain_text("gets a link" if name else "was asked")


def remark_on_gist(page, text: str) -> None:
    page.locator('[data-side-panel-toggle="comments"]').click()
    field = page.locator('section:has([name="gist"])').last
    field.hover()
    field.locator("[data-comment-add]").first.click()
    page.locator("#comments textarea").first.click()
    page.keyboard.type(text)
    with saved(page):
        page.locator("#comments").get_by_role("button", name="Comment", exact=True).click()


def saved(page):
    """Waits until the autosave that follows has been answered."""
    return page.expect_response(
        lambda response: response.request.method == "POST" and response.url.endswith("/edit/"), timeout=AUTOSAVE
    )


def test_from_a_members_draft_to_a_page_that_is_live_found_and_credited(visit, hub, two_have_to_approve):
    post = Post(hub)
    member, leader, staff, reviewer = visit(MEMBER), visit(LEADER), visit(STAFF), visit(REVIEWER)
    everybody = visit()

    # A member proposes a practice and hands it in. News of its publication is weekly, unless one chooses otherwise:
    # she does.
    page = member.open("/my-hub/notifications/mail/")
    page.get_by_label("When a page is approved and published").select_option("at_once")
    page.get_by_role("button", name="Save").click()
    page = member.open("/practices/")
    page.get_by_role("link", name="Propose a practice").click()
    answer_the_questions(page)
    page.wait_for_url(re.compile(r"/practices/propose/\d+/"), timeout=AUTOSAVE)
    page_id = int(re.search(r"/propose/(\d+)/", page.url)[1])
    page.get_by_role("button", name="Hand it in for review").click()
    page.wait_for_url(re.compile("/my-hub/"))
    expect(page.get_by_text("Waiting for review")).to_be_visible()
    assert f"/admin/pages/{page_id}/edit/" in post.letter(STAFF, f"Nadia Farouk asks you to review “{TITLE}”")

    # Before she has a seat, the leader cannot open it. Staff ask her to write, and Marta to review; both follow
    # their mail.
    assert f"/pages/{page_id}/edit/" not in leader.open(f"/admin/pages/{page_id}/edit/").url
    ask(staff, page_id, "Adaeze Obi", "to write it: co-author")
    ask(staff, page_id, "Marta Lindqvist", "to review it: reviewer")
    written = leader.open(link_in(post.letter(LEADER, "asks you to write a practice"), "/my-hub/invitations/"))
    read = reviewer.open(link_in(post.letter(REVIEWER, "asks you to review a practice"), "/my-hub/invitations/"))
    for opened in (written, read):
        expect(opened).to_have_url(re.compile(f"/admin/pages/{page_id}/edit/"))

    # The leader edits and remarks while the member has the text open: neither loses a word, and she reads the remark.
    page = member.open(f"/practices/propose/{page_id}/")
    written.wait_for_load_state("networkidle")
    written.wait_for_timeout(3000)  # the editor takes what lies there in its first two seconds as unchanged
    with saved(written):
        written.fill('[name="gist"]', "Ring people in week three.")
    remark_on_gist(written, "How many came back?")
    page.get_by_label("What came of it?").fill("Half of them, eleven people, came back.")
    page.get_by_role("button", name="Save the change").click()
    expect(page.locator(".messages")).to_contain_text("Saved. Whoever reviews it")
    expect(page.get_by_label("And all of it in one paragraph?")).to_have_value("Ring people in week three.")
    expect(page.locator("main")).to_contain_text("How many came back?")
    assert "How many came back?" in post.letter(MEMBER, f"Adaeze Obi remarked on “{TITLE}”")

    # Somebody outside reads it by the link in their mail, which names neither page nor people, and approves it.
    ask(staff, page_id, OUTSIDER, "to read this one text from outside", name="Ruth Okafor")
    letter = post.letter(OUTSIDER, "asks you to read a practice")
    assert WORD not in letter and "Nadia" not in letter
    outsider = visit()
    page = outsider.open(link_in(letter, "/read/"))
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.locator("main")).to_contain_text("Half of them, eleven people, came back.")
    page.get_by_label("What do you want to say?").fill("We do the same, on Thursdays.")
    page.get_by_label("Approve it as it stands").check()
    page.get_by_role("button", name="Send it to the authors").click()
    expect(page.locator("#said")).to_contain_text("You approved the text.")
    expect(member.open("/my-hub/notifications/").locator("main")).to_contain_text(
        f"Ruth Okafor (external) approves “{TITLE}”"
    )

    # That alone publishes nothing, and neither of the authors can add the approval that is missing.
    expect(everybody.open(f"/search/?q={WORD}&exact=1")).to_have_title(re.compile("nothing found"))
    page = leader.open(f"/admin/pages/{page_id}/edit/")
    expect(page.locator(".review-panel")).to_contain_text("Ruth Okafor (external) approves")
    expect(page.locator(".review-panel")).to_contain_text("Still missing: one more approval.")
    assert page.get_by_role("button", name=re.compile("^Approve")).count() == 0

    # The second reviewer approves what lies there now.
    page = reviewer.open("/my-hub/")
    page.get_by_role("link", name=TITLE).first.click()
    page.wait_for_url(re.compile("/admin/pages/"))
    page.locator(".footer__container .w-dropdown__toggle, .footer .w-dropdown__toggle").last.click()
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.locator(".messages")).to_contain_text("it is published")

    # It is live, with both people's words; found by everybody; and credited to whoever brought it.
    page = everybody.open(f"/search/?q={WORD}")
    found = page.locator("main .row__title a")
    expect(found).to_have_count(1)
    found.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    live = leader.open(page.url)
    for words in ("Ring people in week three.", "Half of them, eleven people, came back."):
        expect(live.locator("main")).to_contain_text(words)
    expect(live.locator("main dd", has_text="Nadia Farouk").first).to_be_visible()
    live.get_by_role("link", name="Nadia Farouk").first.click()
    expect(live.locator("main")).to_contain_text(TITLE)
    expect(outsider.open(page.url).get_by_role("heading", level=1)).to_have_text(TITLE)

    # Each was mailed what waited for them, or what they wanted mailed; the rest is in their inbox. Nobody else was.
    assert post.subjects(MEMBER) == sorted(
        [f"Adaeze Obi remarked on “{TITLE}”", f"“{TITLE}” was approved by Marta Lindqvist and is published"]
    )
    assert len(post.to(LEADER)) == len(post.to(OUTSIDER)) == 1
    expect(leader.open("/my-hub/notifications/").locator("main")).to_contain_text(f"“{TITLE}” was approved")
    for window in (member, leader, reviewer, everybody, outsider):
        assert window.complaints == []

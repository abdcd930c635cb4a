"""What every page owes every reader: no barrier axe can find, nothing that scrolls sideways, a quiet console."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.conftest import MEMBER, REVIEWER, STAFF

AXE = Axe()
STANDARD = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
PUBLIC = ["/", "/practices/", "/roundtables/", "/research/", "/search/?q=volunteers", "/search/?q=zzzqqq", "/people/",
          "/accounts/login/", "/accounts/password/reset/", "/apply/", "/search/", "/no-such-page/"]  # fmt: skip
MEMBERS = ["/", "/my-hub/", "/my-hub/profile/", "/people/", "/search/?q=report", "/search/?q=voluntears",
           "/search/?q=scorecard&kind=document", "/search/saved/", "/accounts/2fa/"]  # fmt: skip
DESK = ["/admin/", "/admin/search/questions/", "/admin/search/preview/?q=volunteers", "/admin/search/synonym/",
        "/admin/search/promotedresult/create/", "/admin/documents/", "/admin/documents/edit/1/"]  # fmt: skip
FIRST_OF = {"practice": "/practices/", "report": "/research/", "person": "/people/", "session": "/roundtables/"}


def barriers(page, rules=RULES) -> list[str]:
    """What axe finds on the page that is open, one line each."""
    found = AXE.run(page, options=rules).response["violations"]
    return [f"{page.url} {item['id']}: {node['html'][:120]}" for item in found for node in item["nodes"]]


def first_of(visitor, kind: str) -> str:
    page = visitor.open(FIRST_OF[kind])
    selector = {
        "person": "main a[href^='/people/']:not([href*='?'])",
        "session": "main .session-card__title a",
    }.get(kind, "main .row__title a")
    return page.locator(selector).first.get_attribute("href")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_barrier_and_no_complaint(visit, scheme, width):
    options = {"color_scheme": scheme, "viewport": {"width": width, "height": 900}}
    visitor, member = visit(**options), visit(MEMBER, **options)
    problems = []
    walks = [(visitor, path) for path in PUBLIC] + [(member, path) for path in MEMBERS]
    walks += [(member, first_of(member, kind)) for kind in FIRST_OF]
    for somebody, path in walks:
        page = somebody.open(path)
        problems += barriers(page)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wider > 0:
            problems.append(f"{path} scrolls sideways by {wider} px at {width} px")
    complaints = [c for c in visitor.complaints + member.complaints if "404" not in c]
    assert problems + complaints == []


def test_the_editor_and_the_reviewers_desk_have_no_barrier(visit, hub):
    """Wagtail's pages as the hub shows them; its own best-practice remarks are not ours to judge."""
    code = (
        "from hub.pages.models import PageSeat;"
        "print(PageSeat.objects.filter(user__email='marta.lindqvist@example.org', role='reviewer')[0].page_id)"
    )
    page_id = hub.manage("shell", "--no-imports", "-c", code).strip().splitlines()[-1]
    reviewer = visit(REVIEWER)
    problems = []
    for path in ("/admin/", f"/admin/pages/{page_id}/edit/"):
        page = reviewer.open(path)
        page.wait_for_load_state("networkidle")
        problems += barriers(page, STANDARD)
    assert problems + reviewer.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_search_desk_and_the_documents_have_no_barrier(visit, scheme):
    staff = visit(STAFF, color_scheme=scheme)
    problems = []
    for path in DESK:
        page = staff.open(path)
        page.wait_for_load_state("networkidle")
        problems += barriers(page, STANDARD)
    assert problems + staff.complaints == []


def test_who_is_logged_in_stays_so_on_the_page_of_results(visit):
    member = visit(MEMBER)
    for path in ("/search/", "/search/?q=volunteers", "/search/?q=zzzqqq"):
        assert member.open(path).locator(".masthead__me").inner_text().endswith("My hub")


def test_nothing_scrolls_sideways_on_the_smallest_phone(visit):
    member = visit(MEMBER, viewport={"width": 320, "height": 700})
    wide = []
    for path in [*MEMBERS, *(first_of(member, kind) for kind in FIRST_OF), "/roundtables/", "/research/"]:
        page = member.open(path)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(path)
    assert wide == []

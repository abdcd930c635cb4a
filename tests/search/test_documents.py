"""Documents among the results: by the words in their files, for those who may open them, and for nobody else."""

import json
from io import StringIO

import django
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.core.management import call_command
from django_tasks_db.management.commands import db_worker
from wagtail.models import PageViewRestriction

from hub.media.domain import reading
from hub.media.enums import Reading, Refusal
from hub.media.models import DocumentText, HubDocument
from hub.media.rules import may_see
from hub.pages.enums import Audience
from roundtables.enums import AttributionMode
from search.domain.query import find
from search.domain.rows import rows
from search.enums import Kind
from search.models import Entry
from tests.factories import PracticePageFactory, StandardPageFactory, TopicFactory
from tests.media import files
from tests.media.making import document, link
from tests.media.test_who_may_open import held
from tests.search.asking import titles

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


@pytest.fixture
def viewers(member, leader, staff):
    return {"visitor": VISITOR, "member": member, "leader": leader, "staff": staff}


def finders(word, viewers):
    return [name for name, viewer in viewers.items() if "Paper" in titles(word, viewer)]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", files.pdf("The grievance ledger")),
        ("a.docx", files.docx("The grievance ledger")),
        ("a.txt", b"The grievance ledger"),
        ("a.md", b"# The grievance ledger"),
        ("a.csv", b"what\nThe grievance ledger"),
    ],
)
def test_a_word_in_the_file_finds_it(index, name, data):
    paper = document(data, name, title="Paper")
    PracticePageFactory(title="Complaints", problem=link(paper))
    index()
    answer = find("ledger", viewer=VISITOR)
    [row] = rows(answer)
    assert (row.title, row.kind, row.kind_label, row.url) == ("Paper", Kind.DOCUMENT, "Document", paper.url)
    assert "<mark>ledger</mark>" in row.gist_html
    assert row.facts[-1] == "in “Complaints”"
    assert name.rpartition(".")[2].upper() in row.facts[-2]
    assert answer.facets["kind"] == {"document": 1}


def test_its_row_tells_size_and_pages(client, index):
    paper = document(files.pdf("One", "Two"), "a.pdf", title="Paper")
    StandardPageFactory(title="Worksheets", body=link(paper))
    index()
    html = client.get("/search/?q=paper").content.decode()
    assert "2 pages" in html and "bytes" in html and "PDF" in html
    assert "i-document" in html and paper.url in html
    assert client.get(paper.url).status_code == 200


@pytest.mark.parametrize("audience", Audience)
def test_those_who_may_open_it_find_it(index, viewers, audience):
    paper = document(b"zyxledger", title="Paper")
    PracticePageFactory(problem=link(paper), audience=audience)
    index()
    assert finders("zyxledger", viewers) == [name for name, viewer in viewers.items() if may_see(paper, viewer)]


@pytest.mark.parametrize("place", ["nowhere", "draft", "private notes", "notes to come"])
def test_what_nobody_is_shown_is_for_staff(index, viewers, place):
    paper = document(b"zyxledger", title="Paper")
    if place == "draft":
        PracticePageFactory(problem=link(paper), live=False)
    elif place == "private notes":
        held(AttributionMode.PRIVATE, notes=link(paper))
    elif place == "notes to come":
        held(AttributionMode.OPEN, notes=link(paper), hours_ago=-5)
    index()
    assert finders("zyxledger", viewers) == ["staff"]


def test_only_pages_that_all_who_find_it_may_read_are_named(index, viewers):
    paper = document(b"zyxledger", title="Paper")
    PracticePageFactory(title="Open door", problem=link(paper), many={"topics": [TopicFactory(name="Kitchens")]})
    PracticePageFactory(
        title="Zyxmerger",
        problem=link(paper),
        audience=Audience.STAFF,
        many={"topics": [TopicFactory(name="Zyxtopic")]},
    )
    index()
    for viewer in viewers.values():
        [row] = rows(find("zyxledger", viewer=viewer))
        assert row.facts[-1] == "in “Open door”"
    entry = Entry.objects.get(kind=Kind.DOCUMENT)
    assert [topic.name for topic in entry.topics.all()] == ["Kitchens"]
    assert "Zyx" not in f"{entry.keywords}{entry.facts}{entry.summary}"


def test_every_change_of_its_pages_is_followed_at_once(viewers):
    """Asked before the index has settled anything: the catalogue itself is right in the transaction of the change."""
    paper = document(b"zyxledger", title="Paper")
    section = StandardPageFactory(title="Section", slug="section")
    strict = StandardPageFactory(title="Strict", slug="strict", audience=Audience.LEADERS)
    page = StandardPageFactory(title="Sheet", body=link(paper), parent=section)
    everybody, members, leaders, staff = list(viewers), ["member", "leader", "staff"], ["leader", "staff"], ["staff"]

    def changed(expected):
        assert finders("zyxledger", viewers) == expected
        assert [name for name, viewer in viewers.items() if may_see(paper, viewer)] == expected

    changed(everybody)
    section = type(section).objects.get(pk=section.pk)
    section.audience = Audience.MEMBERS
    section.save_revision().publish()
    changed(members)
    restriction = PageViewRestriction.objects.create(
        page_id=section.pk, restriction_type=PageViewRestriction.PASSWORD, password="x"
    )
    changed(staff)
    restriction.delete()
    changed(members)
    type(page).objects.get(pk=page.pk).move(type(strict).objects.get(pk=strict.pk), pos="last-child")
    changed(leaders)
    page = type(page).objects.get(pk=page.pk)
    page.unpublish()
    changed(staff)
    page.save_revision().publish()
    changed(leaders)
    page.body = [("text", "<p>The sheet went.</p>")]
    page.save_revision().publish()
    changed(staff)
    page.body = link(paper)
    page.save_revision().publish()
    changed(leaders)
    type(strict).objects.get(pk=strict.pk).delete()
    changed(staff)


def test_the_rule_of_a_session_is_followed(viewers):
    paper = document(b"zyxledger", title="Paper")
    page = held(AttributionMode.OPEN, notes=link(paper))
    assert finders("zyxledger", viewers) == list(viewers)
    page.attribution_mode = AttributionMode.PRIVATE
    page.save_revision().publish()
    assert finders("zyxledger", viewers) == ["staff"]


def test_a_page_that_is_renamed_is_named_anew():
    paper = document(b"zyxledger")
    page = PracticePageFactory(title="Before", problem=link(paper))
    page.title = "After"
    page.save_revision().publish()
    assert Entry.objects.get(kind=Kind.DOCUMENT).facts["lines"][-1] == "in “After”"


def test_another_file_takes_the_words_of_the_old_one_away_at_once(django_capture_on_commit_callbacks):
    paper = document(b"zyxold words", title="Paper")
    PracticePageFactory(problem=link(paper))
    assert titles("zyxold") == ["Paper"]
    with django_capture_on_commit_callbacks(execute=False):
        paper.file.save("other.txt", ContentFile(b"zyxnew words"), save=False)
        paper._set_document_file_metadata()
        paper.save()
        assert titles("zyxold") == []
    reading.read(paper)
    assert titles("zyxnew") == ["Paper"]


def test_it_is_read_after_the_commit_by_background_work(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        paper = document(files.pdf("The zyxledger"), "a.pdf", title="Paper", read=False)
        assert paper.text.state == Reading.WAITING
    assert DocumentText.objects.get(pk=paper.pk).state == Reading.WHOLE
    PracticePageFactory(problem=link(paper))
    assert titles("zyxledger") == ["Paper"]


@pytest.mark.xfail(
    django.VERSION >= (6,),
    reason="Wagtail 8.0 hands in tasks of django_tasks; on Django 6 the database queue takes django.tasks only.",
    strict=True,
)
def test_the_queue_goes_on_after_hostile_files(settings, monkeypatch):
    """Work of three files in the database's queue, done by the real worker: the bad ones cost nobody else."""
    # The worker drops a connection that is in a transaction; here the transaction is the test.
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.HUB_DOCUMENT_LIMITS = {"seconds": 2}
    from hub.media.tasks import read_document

    papers = [
        document(files.slow_pdf(), "slow.pdf", read=False),
        document(files.bomb_docx(300), "bomb.docx", read=False),
        document(b"\xd0\xcf", "gone.txt", read=False),
        document(files.docx("The zyxledger"), "good.docx", title="Paper", read=False),
    ]
    papers[2].file.storage.delete(papers[2].file.name)
    for paper in papers:
        read_document.enqueue(paper.pk)
    call_command("db_worker", batch=True, verbosity=0)
    PracticePageFactory(problem=link(papers[3]))
    assert titles("zyxledger") == ["Paper"]
    assert list(DocumentText.objects.order_by("pk").values_list("refusal", flat=True)) == [
        Refusal.SLOW, Refusal.UNPACKS, Refusal.MISSING, Refusal.NONE,
    ]  # fmt: skip


def test_the_command_reads_what_is_outstanding_and_a_refusal_once():
    paper = document(b"zyxledger", title="Paper", read=False)
    locked = document(files.locked_pdf("x"), "locked.pdf", title="Locked", read=False)
    old = document(b"older than the reading of files", title="Old", read=False)
    DocumentText.objects.filter(pk=old.pk).delete()

    def run(*arguments, **options):
        out = StringIO()
        call_command("extract_documents", *arguments, stdout=out, **options)
        return out.getvalue()

    said = run()
    assert f"{locked.pk} {locked.filename}: The file is protected with a password." in said
    assert "3 documents: 2 read, 1 not read." in said
    assert titles("older") == [] and finders("older", {"staff": None}) == []
    assert run() == "Nothing is outstanding.\n"
    assert "1 documents" in run(again=True)
    assert "1 documents: 1 read." in run(paper.pk)
    assert "3 documents" in run(all=True)


def test_the_search_command_finds_it_too():
    PracticePageFactory(problem=link(document(b"zyxledger", title="Paper")))
    out = StringIO()
    call_command("search", "zyxledger", kind=["document"], json=True, stdout=out)
    assert [result["title"] for result in json.loads(out.getvalue())["results"]] == ["Paper"]


def test_a_document_that_is_deleted_is_found_no_more():
    paper = document(b"zyxledger", title="Paper")
    PracticePageFactory(problem=link(paper))
    HubDocument.objects.get(pk=paper.pk).delete()
    assert titles("zyxledger") == []


def test_a_rebuild_says_the_same(index):
    from search.domain import rebuild

    paper = document(b"zyxledger", title="Paper")
    PracticePageFactory(problem=link(paper), audience=Audience.MEMBERS)
    before = Entry.objects.filter(kind=Kind.DOCUMENT).values("title", "scope", "text", "facts", "url").get()
    rebuild.rebuild(lambda stage, number: None)
    assert Entry.objects.filter(kind=Kind.DOCUMENT).values("title", "scope", "text", "facts", "url").get() == before


def test_neither_page_nor_suggestion_tells_its_words_to_others(client, index, viewers):
    for audience in Audience:
        paper = document(
            f"zyx{audience.name} inside".encode(), f"file-{audience.name}.txt", title=f"Ledger {audience.name}"
        )
        PracticePageFactory(title=f"Page {audience.name}", problem=link(paper), audience=audience)
    index()
    for name, viewer in viewers.items():
        client.logout()
        if viewer.is_authenticated:
            client.force_login(viewer)
        allowed = {audience.name for audience in Audience if audience <= getattr(viewer, "role", 0)}
        for audience in Audience:
            for address in (
                "/search/?q=zyx{}",
                "/search/?q=ledger",
                "/search/?kind=document",
                "/search/suggest/?q=ledg",
            ):
                html = client.get(address.format(audience.name)).content.decode()
                told = {other.name for other in Audience if f"file-{other.name}" in html or f"zyx{other.name} " in html}
                assert told <= allowed, (name, address)
        assert {row.title for row in rows(find("ledger", viewer=viewer))} == {f"Ledger {one}" for one in allowed}

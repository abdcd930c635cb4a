"""Files become pages, topics and people; again and again, without harm."""

import json
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Revision

from hub.archive.domain.pages import PageWriter
from hub.archive.models import ImportedFile
from hub.editorial.enums import BylineRole
from hub.home.models import StandardPage
from hub.members.enums import ShownTo
from hub.members.models import MemberProfile
from hub.pages.enums import Audience
from hub.pages.models import BasePage
from hub.practices.models import PracticePage
from hub.taxonomy.models import Topic, TopicSynonym
from research.models import ReportPage
from roundtables.enums import SessionPlace
from roundtables.models import SessionPage
from search.models import Entry

pytestmark = pytest.mark.django_db


def imported(folder, kind, *options):
    out, err = StringIO(), StringIO()
    call_command("import_markdown", str(folder), "--as", kind, "--json", *options, stdout=out, stderr=err)
    report = json.loads(out.getvalue().splitlines()[-1])
    assert list(report) == ["created", "updated", "unchanged", "failed"]
    report["told"] = err.getvalue()
    return report


def counts(report):
    return report["created"], report["updated"], report["unchanged"], len(report["failed"])


def note(title="Note", body="Text.", **keys):
    lines = [f"title: {title}", *(f"{key}: {value}" for key, value in keys.items())]
    return "---\n" + "\n".join(lines) + f"\n---\n\n{body}\n"


def everything():
    """All rows of all tables that an import could touch, as they are."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy
    }


def test_a_report_goes_in_like_an_editors_page(archive):
    keys = {"summary": "Gist", "date": "2023-05-31", "topics": "[plain-language]"}
    report = imported(archive({"a.md": note("A *report*", "## Part\n\nText", **keys)}), "reports")
    assert counts(report) == (1, 0, 0, 0)
    page = ReportPage.objects.get()
    assert (page.title, page.gist, page.source_path, page.live) == ("A report", "Gist", "a.md", True)
    assert page.published_on.isoformat() == "2023-05-31"
    assert page.first_published_at.year == 2023
    assert [topic.name for topic in page.topics.all()] == ["Plain Language"]
    assert [child.block_type for child in page.body] == ["heading", "text"]
    assert page.get_latest_revision() == page.live_revision
    entry = Entry.objects.findable().get(title="A report")
    assert (entry.scope, entry.source) == ("public", "a.md")


def test_the_second_time_nothing_changes(archive):
    folder = archive({f"{n}.md": note(f"Note {n}", authors="[jane-doe, Plato]") for n in range(3)})
    assert counts(imported(folder, "pages")) == (3, 0, 0, 0)
    before = everything()
    assert counts(imported(folder, "pages")) == (0, 0, 3, 0)
    assert everything() == before


def test_a_changed_file_changes_one_page(archive):
    folder = archive({f"{n}.md": note(f"Note {n}") for n in range(3)})
    imported(folder, "pages")
    revisions = Revision.objects.count()
    archive({"1.md": note("Note 1", "Other.")})
    assert counts(imported(folder, "pages")) == (0, 1, 2, 0)
    assert Revision.objects.count() == revisions + 1
    page = StandardPage.objects.get(source_path="1.md")
    assert page.live and not page.has_unpublished_changes
    assert page.body[0].value.source == "<p>Other.</p>"


def test_work_by_hand_is_not_overwritten(archive):
    folder = archive({"a.md": note("A")})
    imported(folder, "pages")
    page = StandardPage.objects.get()
    page.title = "Ours"
    page.save_revision().publish()
    archive({"a.md": note("A", "Changed.")})
    report = imported(folder, "pages")
    assert counts(report) == (0, 1, 0, 0)
    assert "worked on this page" in report["told"]
    page.refresh_from_db()
    assert (page.title, page.live, page.has_unpublished_changes) == ("Ours", True, True)
    assert page.get_latest_revision_as_object().title == "A"


def test_what_was_taken_down_or_deleted_stays_away(archive):
    folder = archive({"a.md": note("A"), "b.md": note("B")})
    imported(folder, "pages")
    StandardPage.objects.get(title="A").unpublish()
    StandardPage.objects.get(title="B").delete()
    archive({"a.md": note("A", "New."), "b.md": note("B", "New.")})
    report = imported(folder, "pages")
    assert counts(report) == (0, 1, 1, 0)
    assert "taken down" in report["told"] and "was deleted in the hub" in report["told"]
    assert StandardPage.objects.get().live is False


def test_a_dry_run_writes_nothing_and_says_the_same(archive):
    files = {f"{n:02}.md": note(f"Note {n}", topics="[a]", authors="[x-y]", aliases=f"[/old/{n}]") for n in range(45)}
    folder = archive({**files, "broken.md": "---\ntitle: a: b\n---\n"})
    before = everything()
    dry = imported(folder, "practices", "--dry-run")
    assert everything() == before
    wet = imported(folder, "practices")
    assert counts(dry) == counts(wet) == (45, 0, 0, 1)
    assert dry["failed"] == wet["failed"]


def test_one_bad_file_never_stops_the_rest(archive):
    folder = archive(
        {
            "1.md": "---\nok: yes\ntitle: 'never closed\n---\n",
            "2.md": b"---\ntitle: caf\xe9\n---\n",
            "3.md": note("No date"),
            "4.md": note("Bad date", date="2023-02-30"),
            "5.md": note("Twice", date="2023-01-01") .replace("date:", "date: 2022-01-01\ndate:"),
            "6.md": "",
            "7.md": note("Good", date="2023-01-01 10:00"),
        }
    )  # fmt: skip
    report = imported(folder, "sessions")
    assert counts(report) == (1, 0, 0, 6)
    where = {failure["file"]: failure["line"] for failure in report["failed"]}
    assert where == {"1.md": 3, "2.md": 2, "3.md": 1, "4.md": 3, "5.md": 4, "6.md": 1}
    assert all(failure["reason"] for failure in report["failed"])
    with pytest.raises(SystemExit) as stopped:
        imported(folder, "sessions", "--fail-on-error")
    assert stopped.value.code == 1


def test_a_file_that_fails_late_leaves_no_trace(archive):
    """The page cannot be saved after its topic and author were made: they go with it, and come again with the next."""
    bad = note("Bad", topics="[fresh]", authors="[jo-lee]", source_url="https://example.org")
    folder = archive({"a.md": bad, "b.md": note("Good", topics="[fresh]", authors="[jo-lee]")})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StandardPage, "clean", lambda page: _refuse(page.title == "Bad"), raising=False)
        report = imported(folder, "pages")
    assert counts(report) == (1, 0, 0, 1)
    assert report["failed"] == [{"file": "a.md", "line": 1, "reason": "Not this one."}]
    assert Topic.objects.filter(slug="fresh").count() == MemberProfile.objects.filter(external_id="jo-lee").count() == 1
    assert [page.topics.get().slug for page in StandardPage.objects.all()] == ["fresh"]


def _refuse(this_one):
    if this_one:
        raise ValidationError("Not this one.")


def test_a_run_that_was_cut_off_is_taken_up_again(archive):
    folder = archive({"a.md": note("A", "See [b](b.md)."), "b.md": note("B")})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PageWriter, "finish", lambda *_: 1 / 0)
        assert "Run the import again" in imported(folder, "pages")["told"]
    assert not StandardPage.objects.get(title="A").live
    assert counts(imported(folder, "pages")) == (0, 1, 1, 0)
    assert StandardPage.objects.get(title="A").live
    assert counts(imported(folder, "pages")) == (0, 0, 2, 0)


def test_drafts_dates_and_expiry(archive):
    folder = archive(
        {
            "draft.md": note("Draft", draft="true"),
            "later.md": note("Later", date="2999-01-01"),
            "gone.md": note("Gone", expirydate="2020-01-01"),
            "expires.md": note("Expires", expirydate="2999-01-01"),
        }
    )
    imported(folder, "reports")
    live = {page.title: page.live for page in ReportPage.objects.all()}
    assert live == {"Draft": False, "Later": False, "Gone": False, "Expires": True}
    assert ReportPage.objects.get(title="Gone").expired
    assert ReportPage.objects.get(title="Expires").expire_at.year in (2998, 2999)
    assert not Entry.objects.findable().filter(title__in=["Draft", "Later", "Gone"]).exists()
    archive({"draft.md": note("Draft", draft="false"), "expires.md": note("Expires", expirydate="2020-01-01")})
    imported(folder, "reports")
    live = {page.title: page.live for page in ReportPage.objects.all()}
    assert live["Draft"] is True and live["Expires"] is False


def test_a_session_keeps_its_instant_and_its_zone(archive):
    folder = archive(
        {
            "a.md": note(
                "Past", date="2019-07-13 15:00:00 -0500", end_date="2019-07-13 16:00:00", speakers="[Ann Lee]",
                registration_url="https://example.org/r", youtube_id="abcdefghijk", host="A circle",
                event_type="[online, in-person]",
            ),
            "b.md": note("Future", date="2999-07-13 15:00:00 +0200", registration_url="https://example.org/r"),
        }
    )  # fmt: skip
    imported(folder, "sessions")
    past, future = SessionPage.objects.order_by("starts_at")
    assert past.starts_at == datetime(2019, 7, 13, 20, tzinfo=UTC)
    assert past.ends_at == datetime(2019, 7, 13, 21, tzinfo=UTC)
    assert (past.join_url, past.recording_url) == ("", "https://www.youtube.com/watch?v=abcdefghijk")
    assert (past.place, past.organiser, past.capacity) == (SessionPlace.HYBRID, "A circle", None)
    assert [(line.external_name, line.role) for line in past.bylines.all()] == [("Ann Lee", BylineRole.GUEST)]
    assert (future.time_zone, future.join_url) == ("Etc/GMT-2", "https://example.org/r")


def test_authors_are_people_or_names(archive):
    imported(archive({"jane-doe/_index.md": "---\ndisplay_name: Jane Doe\nagency_full_name: A Trust\n---\n"}), "people")
    namesake = MemberProfile.objects.create(name="Bo Ek", slug="bo-ek")
    imported(
        archive({"a.md": note("A", authors="[Jane-Doe, bo-ek, Plato, jane-doe]")}), "practices", "--archive", "texts"
    )
    lines = list(PracticePage.objects.get(title="A").bylines.all())
    assert [(line.person.name if line.person else line.external_name) for line in lines] == [
        "Jane Doe",
        "Bo Ek",
        "Plato",
    ]
    assert lines[0].person.organisation == "A Trust"
    assert lines[1].person != namesake and lines[1].person.user is None and lines[1].person.external_id == "bo-ek"


def test_people_follow_their_files_until_they_claim_their_profile(archive, member):
    folder = archive(
        {"ann/_index.md": "---\nname: Ann\ngithub: x\n---\n\nShe *writes*.\n", "_index.md": note("People")}
    )
    report = imported(folder, "people")
    assert counts(report) == (1, 0, 0, 0) and "left aside: _index.md" in report["told"]
    ann = MemberProfile.objects.get(external_id="ann")
    assert (ann.bio, ann.name_shown_to, ann.message_shown_to) == ("She writes.", ShownTo.PUBLIC, ShownTo.ONLY_ME)
    archive({"ann/_index.md": "---\nname: Ann Lee\nexpirydate: 2020-01-01\n---\n"})
    assert counts(imported(folder, "people")) == (0, 1, 0, 0)
    ann.refresh_from_db()
    assert (ann.name, ann.is_listed) == ("Ann Lee", False)
    MemberProfile.objects.filter(user=member).update(user=None)
    MemberProfile.objects.filter(pk=ann.pk).update(user=member, name="Mine")
    archive({"ann/_index.md": "---\nname: Somebody\n---\n"})
    assert "has claimed" in imported(folder, "people")["told"]
    ann.refresh_from_db()
    assert ann.name == "Mine"


def test_topics(archive):
    kept = Topic.objects.create(name="Open Source", slug="open-source")
    other = Topic.objects.create(name="Ours", slug="theirs", description="Ours.")
    TopicSynonym.objects.create(topic=other, name="Their Word")
    folder = archive(
        {
            "open-source/_index.md": note("Open source", summary="Shared &amp; open."),
            "theirs/_index.md": note("Theirs", summary="Other words.", synonyms="[Also]"),
        }
    )
    assert counts(imported(folder, "topics")) == (2, 0, 0, 0)
    kept.refresh_from_db()
    other.refresh_from_db()
    assert (kept.name, kept.description) == ("Open source", "Shared & open.")
    assert (other.name, other.description) == ("Ours", "Ours.")
    imported(
        archive({"p.md": note("P", topics="[their word, OPEN-SOURCE, social media, Also]")}),
        "practices",
        "--archive",
        "p",
    )
    topics = set(PracticePage.objects.get(title="P").topics.values_list("name", flat=True))
    assert topics == {"Ours", "Open source", "Social Media"}


def test_slugs_and_old_addresses(archive):
    folder = archive(
        {
            "a.md": note("A", slug="same", aliases="[/old/a/, old-without-slash]"),
            "b.md": note("B", slug="same"),
            "c.md": note("C", slug="search"),
            "d.md": note("D", redirectto="https://example.org/d", aliases="[/old/d]"),
            "e.md": note("E", redirectto="/old/a/"),
            "f.md": note("F", draft="true", aliases="[/old/f]"),
            "g.md": note("G", redirectto="javascript:alert(1)"),
        }
    )
    report = imported(folder, "pages")
    assert "is taken" in report["told"]
    slugs = {page.title: page.slug for page in StandardPage.objects.all()}
    assert (slugs["A"], slugs["B"], slugs["C"]) == ("same", "same-2", "search-2")
    first = StandardPage.objects.get(title="A")
    assert Redirect.objects.get(old_path="/old/a").redirect_page_id == first.pk
    assert Redirect.objects.get(old_path="/old/d").redirect_link == "https://example.org/d"
    assert Redirect.objects.get(old_path="/d").redirect_link == "https://example.org/d"
    assert Redirect.objects.get(old_path="/e").redirect_page_id == first.pk
    assert not Redirect.objects.filter(old_path__in=["/old/f", "/g"]).exists()
    archive({"a.md": note("A", slug="new")})
    imported(folder, "pages")
    first.refresh_from_db()
    assert first.slug == "new"
    assert Redirect.objects.get(old_path="/same").redirect_page_id == first.pk


def test_an_audience_is_kept_and_told_to_nobody_else(archive, client):
    folder = archive({"a.md": note("Secret name", authors="[x-y]", aliases="[/old/a]", date="2020-01-01")})
    imported(folder, "reports", "--audience", "members")
    page = ReportPage.objects.get()
    assert page.effective_audience == Audience.MEMBERS
    assert MemberProfile.objects.get(external_id="x-y").name_shown_to == ShownTo.MEMBERS
    assert not Redirect.objects.exists()
    scopes = Entry.objects.findable().filter(title="Secret name").values_list("scope", flat=True)
    assert "members" in scopes and not {"public", "visitor"} & set(scopes)
    assert counts(imported(folder, "reports", "--audience", "members")) == (0, 0, 1, 0)
    assert counts(imported(folder, "reports", "--audience", "staff")) == (0, 1, 0, 0)
    page.refresh_from_db()
    assert page.effective_audience == Audience.STAFF


def test_links_between_files_become_links_between_pages(archive):
    folder = archive(
        {
            "a.md": note("A", 'See [b](b.md), [later]({{< ref "b.md" >}}) and [draft](c.md).'),
            "b.md": note("B", "See [a](./a.md)."),
            "c.md": note("C", "Text", draft="true"),
        }
    )
    imported(folder, "pages")
    a, b = (StandardPage.objects.get(title=title) for title in "AB")
    assert a.body[0].value.source.count(f'<a linktype="page" id="{b.pk}">') == 2
    assert "draft." in a.body[0].value.source
    assert f'id="{a.pk}"' in b.body[0].value.source
    assert Revision.objects.for_instance(a).count() == 1
    assert counts(imported(folder, "pages")) == (0, 0, 3, 0)


def test_index_files_are_the_pages_above(archive):
    folder = archive({"_index.md": note("All"), "x/_index.md": note("X"), "x/y.md": note("Y"), "z.md": note("Z")})
    imported(folder, "pages", "--archive", "Our pages")
    paths = {page.title: page.url_path for page in StandardPage.objects.all()}
    assert paths == {
        "All": "/home/our-pages/", "X": "/home/our-pages/x/", "Y": "/home/our-pages/x/y/", "Z": "/home/our-pages/z/",
    }  # fmt: skip


def test_limit_parent_and_wishes_that_cannot_be(archive, tmp_path):
    folder = archive({f"{n}.md": note(f"N{n}") for n in range(4)})
    assert counts(imported(folder, "pages", "--limit", "1")) == (1, 0, 0, 0)
    assert counts(imported(folder, "pages", "--under", "/0/", "--limit", "2")) == (1, 0, 1, 0)
    assert StandardPage.objects.get(title="N1").url_path == "/home/0/1/"
    with pytest.raises(CommandError, match="takes no practices"):
        imported(folder, "practices", "--under", "/0/")
    with pytest.raises(CommandError, match="no page for pages"):
        imported(folder, "pages", "--under", "/nowhere/")
    with pytest.raises(CommandError, match="no folder"):
        imported(tmp_path / "nowhere", "pages")
    (tmp_path / "empty").mkdir()
    with pytest.raises(CommandError, match="no Markdown file"):
        imported(tmp_path / "empty", "pages")


def test_the_same_file_may_be_two_things(archive):
    folder = archive({"a.md": note("A", date="2020-01-01")})
    assert counts(imported(folder, "reports")) == counts(imported(folder, "practices")) == (1, 0, 0, 0)
    assert set(ImportedFile.objects.values_list("kind", "path")) == {("reports", "a.md"), ("practices", "a.md")}


def test_files_outside_the_folder_are_not_read(archive, tmp_path):
    (tmp_path / "secret.md").write_text(note("Secret"))
    folder = archive({"a.md": note("A"), ".git/b.md": note("B")})
    (folder / "link.md").symlink_to(tmp_path / "secret.md")
    assert counts(imported(folder, "pages")) == (1, 0, 0, 0)
    assert not BasePage.objects.filter(title__in=["Secret", "B"]).exists()


def test_an_imported_page_reads_like_any_other(archive, client):
    folder = archive(
        {"a.md": note("A <script>alert(1)</script> title", "<script>alert(2)</script>\n\nHello **there**.")}
    )
    imported(folder, "pages")
    response = client.get(StandardPage.objects.get().url)
    assert response.status_code == 200
    words = response.content.decode()
    assert "<b>there</b>" in words
    assert "alert(2)" not in words and "<script>alert(1)" not in words

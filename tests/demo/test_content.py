"""The demo community's files: every reference resolves, every rule of the community is kept in its own texts."""

from __future__ import annotations

import io
import re
from collections import Counter
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import pytest
import yaml
from PIL import Image

from hub.demo import pictures

CONTENT = Path(__file__).resolve().parent.parent.parent / "hub" / "demo" / "content"
SECTIONS = ["Problem", "Context", "What we did", "What it needs", "What came of it"]
PROFILE_FIELDS = {
    "name", "organisation", "job_title", "function", "industry", "bio", "topics", "time_zone", "picture", "website",
    "message", "introduction",
}  # fmt: skip
AUDIENCES = {"public", "members", "leaders", "staff"}
DAYS = re.compile(r"[+-]\d+d")
MOMENT = re.compile(r"[+-]\d+d \d{2}:\d{2}")
UNATTRIBUTED = {"chatham_house", "private"}


def rows(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((CONTENT / f"{name}.yaml").read_text(encoding="utf-8"))


def documents(folder: str) -> list[tuple[dict[str, Any], str]]:
    found = []
    for path in sorted((CONTENT / folder).glob("*.md")):
        _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
        values = yaml.safe_load(front)
        assert values["slug"] == path.stem, f"{path.name}: the slug and the name of the file differ"
        found.append((values, body.strip()))
    return found


PEOPLE = {row["slug"]: row for row in rows("people")}
TOPICS = {row["slug"]: row for row in rows("topics")}
FUNCTIONS = {row["slug"]: row for row in rows("functions")}
INDUSTRIES = {row["slug"]: row for row in rows("industries")}
PRACTICES, SERIES, SESSIONS = documents("practices"), documents("series"), documents("sessions")
REPORTS, PAGES = documents("reports"), documents("pages")
ALL = [*PRACTICES, *SERIES, *SESSIONS, *REPORTS, *PAGES]
PUBLISHED = [(values, body) for values, body in PRACTICES if "state" not in values]


def named(documents: list[tuple[dict[str, Any], str]]) -> Any:
    return pytest.mark.parametrize(("values", "body"), documents, ids=[values["slug"] for values, _ in documents])


def people_of(values: dict[str, Any], *keys: str) -> list[Any]:
    return [item for key in keys for item in values.get(key, [])]


def is_past(values: dict[str, Any]) -> bool:
    return values["starts"].startswith("-")


def words(text: str) -> int:
    return len(text.split())


def test_vocabularies():
    assert len(FUNCTIONS) == len(INDUSTRIES) == 8
    assert len({row["initial"] for row in FUNCTIONS.values()}) == 8
    assert all(1 <= len(row["initial"]) <= 2 for row in FUNCTIONS.values())
    assert sorted(row["colour_slot"] for row in INDUSTRIES.values()) == list(range(1, 9))
    assert len(TOPICS) >= 24
    assert all(row["description"] and 2 <= len(row["synonyms"]) <= 4 for row in TOPICS.values())
    assert {row["parent"] for row in TOPICS.values() if "parent" in row} <= set(TOPICS)
    said = [row["name"].lower() for row in TOPICS.values()]
    said += [synonym.lower() for row in TOPICS.values() for synonym in row["synonyms"]]
    assert [word for word, times in Counter(said).items() if times > 1] == []


def test_there_are_enough_people_and_they_differ():
    roles = Counter(row["role"] for row in PEOPLE.values())
    assert len(PEOPLE) == len(rows("people")) >= 60
    assert roles["staff"] == 4 and roles["leader"] >= 8 and set(roles) == {"member", "leader", "staff"}
    assert {row["function"] for row in PEOPLE.values()} == set(FUNCTIONS)
    assert {row["industry"] for row in PEOPLE.values()} == set(INDUSTRIES)
    assert len({(row["function"], row["industry"]) for row in PEOPLE.values()}) >= 40
    assert len({row["time_zone"] for row in PEOPLE.values()}) >= 25
    assert sum(not row["claimed"] for row in PEOPLE.values()) >= 3


def test_people_are_whole():
    for slug, row in PEOPLE.items():
        assert row["time_zone"] in available_timezones(), slug
        assert set(row["topics"]) <= set(TOPICS) and 3 <= len(row["topics"]) <= 4, slug
        assert 20 <= words(row["bio"]) <= 80, slug
        assert set(row.get("shown_to", {})) <= PROFILE_FIELDS, slug
        assert set(row.get("shown_to", {}).values()) <= {"public", "members", "connected", "only_me"}, slug
    assert len({row["bio"] for row in PEOPLE.values()}) == len(PEOPLE)


def test_nobody_can_be_written_to_by_accident():
    addresses = [row["email"] for row in (*PEOPLE.values(), *rows("applications"))]
    assert len(set(addresses)) == len(addresses)
    text = "\n".join(path.read_text(encoding="utf-8") for path in CONTENT.rglob("*") if path.is_file())
    assert [
        address for address in re.findall(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", text) if "@example.org" not in address
    ] == []
    hosts = re.findall(r"https?://([\w.-]+)", text)
    assert [host for host in hosts if not host.endswith("example.org")] == []


def test_three_applications_wait():
    assert len(rows("applications")) == 3
    assert all(words(row["reason"]) >= 40 and DAYS.fullmatch(row["applied"]) for row in rows("applications"))


def test_how_many_pages_there_are():
    assert len(PUBLISHED) >= 40
    assert sorted(values.get("state", "published") for values, _ in PRACTICES).count("draft") == 2
    assert [values["state"] for values, _ in PRACTICES if values.get("state") == "in_review"] == ["in_review"]
    assert len(SERIES) >= 4 and len(REPORTS) == 3 and len(PAGES) >= 4
    assert sum(is_past(values) for values, _ in SESSIONS) >= 7
    assert sum(not is_past(values) for values, _ in SESSIONS) >= 5
    audiences = Counter(values["audience"] for values, _ in PUBLISHED)
    assert audiences["public"] >= 10 and audiences["leaders"] == 2 and audiences["members"] >= 25
    overdue = [values for values, _ in PUBLISHED if values["verify_by"].startswith("-")]
    assert 2 <= len(overdue) <= 5, "A few texts are overdue; most are looked after."


def test_slugs_are_unique():
    slugs = [values["slug"] for values, _ in ALL]
    assert [slug for slug, times in Counter(slugs).items() if times > 1] == []
    titles = [values["title"] for values, _ in ALL]
    assert [title for title, times in Counter(titles).items() if times > 1] == []


@named(ALL)
def test_front_matter(values, body):
    assert 40 <= len(values["gist"]) <= 300
    assert values["audience"] in AUDIENCES
    assert set(values.get("topics", [])) <= set(TOPICS)
    assert set(values.get("functions", [])) <= set(FUNCTIONS)
    assert set(values.get("industries", [])) <= set(INDUSTRIES)
    known = {other["slug"] for other, _ in ALL}
    assert set(values.get("related", [])) <= known - {values["slug"]}
    for item in people_of(values, "authors", "hosts", "guests"):
        assert item in PEOPLE if isinstance(item, str) else set(item["external"]) == {"name", "organisation"}
    for key in ("verified_on", "verify_by", "published", "published_on"):
        assert DAYS.fullmatch(values.get(key, "-1d")), key
    if "verified_by" in values:
        assert PEOPLE[values["verified_by"]]["claimed"]


@named(ALL)
def test_text_is_plain(values, body):
    assert "!" not in body.replace("<!-- notes -->", ""), "No exclamation marks."
    assert not re.search(r"^# ", body, flags=re.MULTILINE), "The title is the page's."
    assert not re.search(r"lorem ipsum|\btodo\b|\bsynergy\b|\bleverage\b|\bstakeholder", body, flags=re.IGNORECASE)


@named(PRACTICES)
def test_practice(values, body):
    assert re.findall(r"^## (.+)$", body, flags=re.MULTILINE) == SECTIONS
    assert all(words(part) >= 15 for part in re.split(r"^## .+$", body, flags=re.MULTILINE)[1:])
    assert 250 <= words(body) <= 600
    assert values["topics"] and values["functions"] and values["industries"] and values["authors"]
    if "state" in values:
        assert {seat["role"] for seat in values["seats"]} == {"co_author", "reviewer"}
        reviewers = {seat["person"] for seat in values["seats"] if seat["role"] == "reviewer"}
        assert not reviewers & set(values["authors"]), "Nobody approves their own text."
        assert all(PEOPLE[seat["person"]]["claimed"] for seat in values["seats"])
    else:
        assert {"published", "verified_on", "verify_by", "verified_by"} <= set(values)
        assert int(values["published"][:-1]) <= int(values["verified_on"][:-1]) < 0, "Verified after it was written."


def test_practices_do_not_share_sentences():
    """A sentence that turns up twice was written by a template, not by a member."""
    seen = Counter()
    for _, body in PRACTICES:
        seen.update({s.strip() for s in re.split(r"(?<=[.?])\s+|\n", body) if words(s) >= 7})
    assert [sentence for sentence, times in seen.items() if times > 1] == []


@named(SESSIONS)
def test_session(values, body):
    assert MOMENT.fullmatch(values["starts"]) and 45 <= values["minutes"] <= 300
    assert values["time_zone"] in available_timezones()
    assert values["format"] in {"roundtable", "workshop", "dialogue"}
    assert values["place"] in {"online", "in_person", "hybrid"}
    assert bool(values.get("location")) == (values["place"] != "online")
    assert bool(values.get("join_url")) == (values["place"] != "in_person")
    assert values["attribution_mode"] in {"open", *UNATTRIBUTED}
    assert values.get("series") in {None, *(series["slug"] for series, _ in SERIES)}
    assert len(values["agenda"]) >= 3 and sum(row["minutes"] for row in values["agenda"]) == values["minutes"]
    assert "## Agenda" not in body, "Times in the body stand still; those of the agenda are on its reader's clock."
    assert ("<!-- notes -->" in body) == is_past(values)


@named(SESSIONS)
def test_table(values, body):
    heads = [item for item in people_of(values, "hosts", "guests") if isinstance(item, str)]
    seats = values["seats"]
    everybody = [*heads, *(seat["person"] for seat in seats)]
    assert len(set(everybody)) == len(everybody), "Somebody has two seats."
    assert all(PEOPLE[person]["claimed"] for person in everybody)
    assert {seat["state"] for seat in seats} <= {"going", "offered", "waitlisted", "cancelled"}
    going = [*heads, *(seat["person"] for seat in seats if seat["state"] in ("going", "offered"))]
    assert len(going) <= values["capacity"]
    if any(seat["state"] == "waitlisted" for seat in seats):
        assert len(going) == values["capacity"], "Nobody waits while a seat is free."


def test_tables_are_mixed_and_one_is_full():
    wide, full = 0, 0
    for values, _ in SESSIONS:
        table = people_of(values, "hosts", "guests") + [s["person"] for s in values["seats"] if s["state"] == "going"]
        pairs = [(PEOPLE[p]["function"], PEOPLE[p]["industry"]) for p in table if isinstance(p, str)]
        wide += len({f for f, _ in pairs}) >= 5 and len({i for _, i in pairs}) >= 5
        full += any(seat["state"] == "waitlisted" for seat in values["seats"])
    assert wide >= 6
    assert full == 1
    assert {values["attribution_mode"] for values, _ in SESSIONS} == {"open", *UNATTRIBUTED}


@named([(values, body) for values, body in SESSIONS if values["attribution_mode"] in UNATTRIBUTED])
def test_no_speaker_and_no_employer_where_none_may_be_named(values, body):
    for row in PEOPLE.values():
        for name in (*row["name"].split(), row["organisation"]):
            assert not re.search(rf"\b{re.escape(name)}\b", body) or name in {"Open", "Bright", "Moor"}, name
    for item in people_of(values, "hosts", "guests"):
        if isinstance(item, dict):
            assert item["external"]["name"].split()[-1] not in body


def test_what_a_session_may_show_fits_its_series():
    strictness = ["public", "members", "leaders", "staff"]
    audience = {values["slug"]: values["audience"] for values, _ in SERIES}
    for values, _ in SESSIONS:
        if "series" in values:
            assert strictness.index(values["audience"]) >= strictness.index(audience[values["series"]]), values["slug"]


@named(REPORTS)
def test_report(values, body):
    assert 1_200 <= words(body) <= 2_000
    assert words(values["method"]) >= 80 and values["authors"]
    assert len(re.findall(r"^## ", body, flags=re.MULTILINE)) >= 5
    assert re.search(r"^### ", body, flags=re.MULTILINE)
    assert re.search(r"^> ", body, flags=re.MULTILINE) and re.search(r"^\|[ -|]+\|$", body, flags=re.MULTILINE)
    assert re.search(r"^(- |1\. )", body, flags=re.MULTILINE)


@named(REPORTS)
def test_no_cell_stands_for_fewer_than_five(values, body):
    for line in body.splitlines():
        if line.startswith("|"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            assert [cell for cell in cells if re.fullmatch(r"[1-4]", cell)] == [], line


@named(REPORTS)
def test_columns_add_up(values, body):
    """Where a table ends in a row for all, the whole numbers above it add up to it."""
    for table in re.findall(r"(?:^\|.+\|\n?)+", body, flags=re.MULTILINE):
        lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.strip().splitlines()]
        if lines[-1][0] == "all":
            for column in range(1, len(lines[0])):
                figures = [line[column] for line in lines[2:]]
                if all(figure.isdigit() for figure in figures):
                    assert sum(map(int, figures[:-1])) == int(figures[-1]), lines[0][column]


@pytest.mark.parametrize("slug", ["the-one-page-letter", "when-the-sponsor-leaves", "words"])
def test_a_page_always_has_the_same_picture(slug):
    first = pictures.draw(slug, size=(320, 180))
    assert first == pictures.draw(slug, size=(320, 180))
    with Image.open(io.BytesIO(first)) as image:
        assert image.size == (320, 180)
        assert len(image.getcolors(maxcolors=320 * 180)) > 50


def test_pages_have_different_pictures():
    drawn = [pictures.draw(values["slug"], size=(160, 90)) for values, _ in [*SESSIONS, *REPORTS]]
    assert len(set(drawn)) == len(drawn)


def test_pictures_asked_for_are_those_of_the_page():
    assert all(values.get("picture", values["slug"]) == values["slug"] for values, _ in ALL)

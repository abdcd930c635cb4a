import pytest

from hub.archive.domain import content, front_matter, layouts, links, records
from hub.archive.domain.layouts import MapError


def read(text, kind, *, path="2024-05-31-a-talk.md", layout=None):
    source = front_matter.parse(text, path=path)
    layout = layout or layouts.choose(kind, [source])
    record = records.from_source(source, layout)
    return record, content.compose(record, layout, links.Addresses(layout.source_url).linker(path))


EVENT = """---
title: "Talk&#58; <em>One</em> &amp; two"
summary: A *talk* with [links](https://example.org).
date: 2024-05-31 14:00:00 -0500
end_date: 2024-05-31 15:30:00 -0500
host: Somebody
event_organizer: Digital.gov
youtube_id: abcdefghijk
registration_url: https://example.org/register
venue:
  venue_name: The House
  city: Here
  map: https://maps.example.org
topics: [plain-language]
authors:
  - jane-doe
  - Plato
---
On https://digital.gov
"""


def test_an_event_by_its_built_in_map():
    record, _ = read(EVENT, "sessions")
    assert (record.title, record.gist) == ("Talk: One & two", "A talk with links.")
    assert record.slug == "a-talk"
    assert record.starts.at.isoformat() == "2024-05-31T14:00:00-04:00"  # what people there read on the clock
    assert (record.ends.at - record.starts.at).seconds == 5400
    assert record.starts.zone == "America/New_York"
    assert (record.organiser, record.location, record.place) == ("Somebody", "The House, Here", "in_person")
    assert record.recording == "https://www.youtube.com/watch?v=abcdefghijk"
    assert (record.guests, record.authors) == (["jane-doe", "Plato"], [])
    assert record.address == "/event/2024/05/31/a-talk/"


def test_the_general_map_reads_other_archives():
    text = "---\nname: A talk\ndescription: D\nstart_date: 2024-05-31\ntags: a, b\nspeakers: Ann; Bo\n---\n"
    record, _ = read(text, "sessions")
    assert (record.title, record.gist, record.topics, record.guests) == ("A talk", "D", ["a", "b"], ["Ann", "Bo"])
    assert (record.starts.zone, record.address) == ("Europe/London", "")
    assert (record.ends.at - record.starts.at).seconds > 23 * 3600


def test_a_practice_by_its_headings():
    text = (
        "## Title\n\nCore Team\n\n## Patlet\n\nA team.\n\n## Problem\n\nHard.\n\n## Context\n\nBig.\n\n"
        "## Forces\n\n- Busy\n\n"
        "## Solutions\n\n### Part\n\nDo.\n\n## Resulting Context\n\nGood.\n\n## Odd\n\nExtra.\n\n"
        "## Author(s)\n\n- [Ann Lee](https://example.org)\n- Bo Ek, Somewhere Ltd\n"
    )
    record, made = read(text, "practices", path="core-team.md")
    assert (record.slug, made.title, made.gist, made.names) == (
        "core-team",
        "Core Team",
        "A team.",
        ["Ann Lee", "Bo Ek"],
    )
    assert made.parts["problem"] == [("text", "<p>Hard.</p>")]
    assert made.parts["context"] == [
        ("text", "<p>Big.</p>"), ("heading", {"text": "Forces", "level": "h3"}), ("text", "<ul><li>Busy</li></ul>"),
    ]  # fmt: skip
    assert made.parts["what_we_did"][0] == ("heading", {"text": "Part", "level": "h3"})
    assert made.parts["what_came_of_it"][1:] == [
        ("heading", {"text": "Odd", "level": "h3"}), ("text", "<p>Extra.</p>"),
    ]  # fmt: skip


def test_authors_with_more_to_say_keep_their_section():
    text = (
        "## Problem\n\nA\n\n## Solution\n\nB\n\n"
        "## Authors\n\nWritten by many people over the years, in several places.\n"
    )
    _, made = read(text, "practices")
    assert made.names == []
    assert "by many people" in str(made.parts)


def test_a_text_without_parts_is_what_was_done():
    _, made = read(
        "---\ntitle: A\nsubtitle: More\nsource_url: https://example.org/a\n---\n\n## One\n\nText", "practices"
    )
    assert list(made.parts) == ["what_we_did"]
    assert [kind for kind, _ in made.parts["what_we_did"]] == ["text", "heading", "text", "resource"]


def test_titles_that_are_missing_or_too_long():
    _, made = read("# The title\n\nText", "pages")
    assert (made.title, made.body) == ("The title", [("text", "<p>Text</p>")])
    _, made = read("---\nsummary: s\n---\nText", "pages", path="house-rules.md")
    assert made.title == "House rules"
    _, made = read(f"---\ntitle: {'word ' * 80}\nsummary: {'more ' * 200}\n---\nText", "pages")
    assert len(made.title) <= 240 and len(made.gist) <= 600
    assert str(made.body).count("word") == 80 and str(made.body).count("more") == 200


def test_a_map_of_ones_own(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(
        'name = "mine"\nkind = "reports"\n[archive]\nsource_url = "https://old.example"\naddress = "/a/{slug}"\n'
        'time_zone = "Europe/Berlin"\n[fields]\ntitle = "{first} and {second}"\ngist = "a.b"\n'
    )
    layout = layouts.load("reports", file=file)
    record, _ = read("---\nfirst: One\nsecond: Two\na:\n  b: Deep\ndate: 2024-05-31\n---\n", "reports", layout=layout)
    assert (record.title, record.gist, record.address) == ("One and Two", "Deep", "/a/a-talk")
    assert record.published.zone == "Europe/Berlin"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not toml", "not valid TOML"),
        ('kind = "people"', "for people"),
        ("[typo]", "cannot use: typo"),
        ("[fields]\ntitle = 3", "fields.title"),
        ('[archive]\ntime_zone = "Mars/Olympus"', "Mars/Olympus"),
    ],
)
def test_maps_that_cannot_be_used_say_why(tmp_path, text, words):
    (tmp_path / "mine.toml").write_text(text)
    with pytest.raises(MapError, match=words):
        layouts.load("reports", file=tmp_path / "mine.toml")
    with pytest.raises(MapError, match="cannot be read"):
        layouts.load("reports", file=tmp_path / "nowhere.toml")


def test_links_within_an_archive():
    addresses = links.Addresses("https://old.example")
    addresses.learn(["guide/one", "resources/one"], 1)
    addresses.plan(["guide/two", "resources/two"])
    linker = addresses.linker("guide/three.md")
    assert linker("one.md") == linker("./one.md#part") == linker("/resources/one/") == linker("../guide/one.md") == 1
    assert linker("https://www.old.example/resources/one/") == 1
    assert linker("../other/one.md") == 1  # there is only one of that name
    assert not linker.waiting
    assert linker("two.md") == "https://old.example/guide/two/"
    assert linker.waiting
    assert linker("/x?y=1#z") == "https://old.example/x?y=1#z"
    assert linker("//cdn.example/a") == "https://cdn.example/a"
    for nowhere in (
        "",
        "#here",
        "javascript:alert(1)",
        " java\tscript:alert(1)",
        "data:x",
        "http://",
        "http://[",
        "vbscript:x",
    ):
        assert linker(nowhere) is None
    assert links.Addresses().linker("a.md")("b.md") is None


def test_the_map_in_the_documentation_is_one(tmp_path):
    words = (layouts.BUILT_IN.parents[2] / "docs" / "import.md").read_text(encoding="utf-8")
    file = tmp_path / "shown.toml"
    file.write_text(words.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    layout = layouts.load("sessions", file=file)
    assert layout.keys_of("location") == ("{room}, {street}", "room")
    assert (layout.time_zone, layout.keys_of("authors")) == ("Europe/Berlin", ())
    assert layout.shortcodes["download"].startswith("https://old.example")

import pytest

from hub.archive.domain import front_matter
from hub.archive.domain.problems import SourceError


def parsed(text, path="a.md"):
    return front_matter.parse(front_matter.decode(text.encode() if isinstance(text, str) else text), path=path)


def test_keys_lines_and_text():
    source = parsed("---\ntitle: One\n# a comment\ntopics:\n  - a\n  - b\n---\n\nText.\n")
    assert source.values == {"title": "One", "topics": ["a", "b"]}
    assert source.lines == {"title": 2, "topics": 4}
    assert source.body.strip() == "Text."
    assert source.body_line == 8


def test_values_stay_what_their_author_typed():
    source = parsed(
        "---\nzip: 01234\nslug: 2020\ndraft: yes\nempty: null\nquoted: 'null'\nwhen: 2024-05-31 9:00:00 -0500\n---\n"
    )
    assert source.values == {
        "zip": "01234", "slug": "2020", "draft": "yes", "empty": "", "quoted": "null",
        "when": "2024-05-31 9:00:00 -0500",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbf---\r\ntitle: One\r\n---\r\nText.\r\n",
        b"\n\n---\ntitle: One\n---\nText.\n",
        "\ufeff---\ntitle: One\n---\nText.\n".encode("utf-16-le"),
        b"---   \ntitle: One\n---\t\nText.\n",
        b"---\ntitle: One\n...\nText.\n",
        b'+++\ntitle = "One"\n+++\nText.\n',
    ],
    ids=["mark-and-crlf", "blank-lines-first", "utf-16", "blanks-after-fence", "dots", "toml"],
)
def test_odd_but_readable_files(text):
    source = parsed(text)
    assert source.values == {"title": "One"}
    assert source.body == "Text.\n"


@pytest.mark.parametrize("text", ["## Title\n\nCore Team\n", "---\n\nA break, then text.\n\n---\n\nMore.\n", ""])
def test_no_front_matter_at_all(text):
    source = parsed(text)
    assert not source.has_front_matter
    assert source.body == text


def test_a_yaml_file_is_all_front_matter():
    source = parsed("title: One\nbody: |\n  Text.\n", path="a.yml")
    assert (source.values["title"], source.body) == ("One", "Text.\n")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("---\ntitle: One: two\n---\n", 2, "mapping values"),
        ("---\nok: yes\nsummary: 'never closed\n---\nText", 3, "not valid YAML"),
        ("---\n\ttitle: x\n---\n", 2, "not valid YAML"),
        ("---\ntitle: One\n\nText without end\n", 1, "never closed"),
        ("---\na: &a [*a]\n---\n", 2, "contains itself"),
        ('+++\ntitle = "One\n+++\n', 2, "not valid TOML"),
        (b"---\ntitle: One\nsummary: caf\xe9\n---\n", 3, "UTF-8"),
    ],
)
def test_broken_files_say_where_and_why(text, line, words):
    with pytest.raises(SourceError) as problem:
        parsed(text)
    assert problem.value.line == line
    assert words in problem.value.reason


def test_repeated_keys():
    source = parsed("---\nplatform:\ntitle: One\nplatform: zoom\ntitle: Two\n---\n")
    assert source.values == {"platform": "zoom", "title": "Two"}
    assert source.repeated == {"title": 5}
    assert [remark.line for remark in source.remarks] == [4, 5]


def test_many_aliases_cost_nothing():
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    source = parsed("---\n" + "\n".join(lines) + "\ntitle: One\n---\n")
    assert source.values["title"] == "One"


def test_control_characters_are_left_out():
    source = parsed("---\ntitle: O\x00ne\n---\nTe\x08xt")
    assert (source.values["title"], source.body) == ("One", "Text")
    assert source.remarks


def test_a_file_too_large_is_refused(tmp_path):
    (tmp_path / "a.md").write_bytes(b"x" * (front_matter.LARGEST_FILE + 1))
    with pytest.raises(SourceError, match="larger than"):
        front_matter.read(tmp_path / "a.md", tmp_path)

"""Markdown, and the HTML people mix into it, as blocks."""

import pytest
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from hub.editorial.blocks import TEXT_FEATURES, BodyBlock
from hub.editorial.markdown import blocks


def resolve(href):
    if href == "/known":
        return 7
    return href if href.startswith(("http", "mailto:")) else None


def converted(markdown):
    return blocks.levelled(blocks.convert(markdown, resolve=resolve).blocks)


def text_of(markdown):
    [(kind, value)] = converted(markdown)
    assert kind == "text"
    return value


def test_paragraphs_and_lists_share_a_block():
    assert text_of("One *two* **three** `four`.\n\n1. a\n2. b\n   - c\n\n     more\n") == (
        "<p>One <i>two</i> <b>three</b> <code>four</code>.</p>"
        "<ol><li>a</li><li>b<ul><li>c<br/><br/>more</li></ul></li></ol>"
    )


@pytest.mark.parametrize(
    ("levels", "shown"),
    [
        ("#### a\n## b\n", ["h2", "h2"]),
        ("# a\n# b\n### c\n#### d\n##### e\n## f\n", ["h2", "h2", "h3", "h4", "h4", "h3"]),
    ],
)
def test_heading_levels_start_at_two_and_never_skip(levels, shown):
    assert [value["level"] for _, value in converted(levels)] == shown


def test_headings():
    assert converted("## [The *thing*](https://example.org) {#id}\n\nText") == [
        ("heading", {"text": "The thing", "level": "h2"}),
        ("text", '<p><a href="https://example.org">The <i>thing</i></a></p><p>Text</p>'),
    ]
    assert converted("##\n") == []
    [(kind, value)] = converted("## " + "long " * 60)
    assert kind == "text" and value.startswith("<p><b>long")


def test_quotes():
    assert converted("> We did it.\n> Twice.\n>\n> — Ann") == [
        ("quote", {"text": "We did it. Twice.", "attribution": "Ann"})
    ]
    assert converted("<blockquote>Yes.<footer>— Bo</footer></blockquote>") == [
        ("quote", {"text": "Yes.", "attribution": "Bo"})
    ]
    assert text_of("> See [this](https://example.org).") == '<p>See <a href="https://example.org">this</a>.</p>'


def test_code():
    assert converted("```python\nprint('<b>')\n```") == [("code", {"language": "python", "code": "print('<b>')"})]
    assert converted("<pre>a\n  b</pre>") == [("code", {"language": "", "code": "a\n  b"})]


def test_table_with_links():
    (table, value), (after, links) = converted(
        "| Who | Where |\n|---|---|\n| Ann | [here](https://example.org) |\n| **Bo** | a<br>b |\n"
    )
    assert (table, after) == ("table", "text")
    assert value["data"] == [["Who", "Where"], ["Ann", "here"], ["Bo", "a\nb"]]
    assert value["first_row_is_table_header"] and value["table_header_choice"] == "row"
    assert links.endswith('<ul><li><a href="https://example.org">here</a></li></ul>')


def test_tables_in_html():
    [(_, value)] = converted(
        "<table><caption>Rates</caption><tr><td rowspan=2>a</td><td colspan=2>b</td></tr>"
        "<tr><td>c</td><td><ul><li>d</li><li>e</li></ul></td></tr></table>"
    )
    assert value["table_caption"] == "Rates"
    assert value["data"] == [["a", "b", ""], ["", "c", "• d\n• e"]]
    assert text_of("<table><tr><td>only <b>layout</b></td></tr></table>") == "<p>only <b>layout</b></p>"


def test_videos_and_frames():
    assert converted("https://www.youtube.com/watch?v=abcdefghijk") == [
        ("video", {"url": "https://www.youtube.com/watch?v=abcdefghijk", "title": "Watch the video"})
    ]
    assert converted('<iframe src="https://www.youtube.com/embed/abcdefghijk" title="Talk"></iframe>') == [
        ("video", {"url": "https://www.youtube.com/watch?v=abcdefghijk", "title": "Talk"})
    ]
    assert text_of('<div><iframe title="Map" src="https://maps.example.org/x"></iframe></div>') == (
        '<p><a href="https://maps.example.org/x">Map</a></p>'
    )


def test_links():
    assert text_of("[a](/known) [b](/unknown) [c](#here) [d](javascript:alert) <https://e.org> https://f.org.") == (
        '<p><a linktype="page" id="7">a</a> b c d <a href="https://e.org">https://e.org</a> '
        '<a href="https://f.org">https://f.org</a>.</p>'
    )
    assert text_of("![a picture](https://example.org/a.png)") == (
        '<p><a href="https://example.org/a.png">a picture</a></p>'
    )
    assert text_of("![](x.png) [![alt](b.png)](https://b.org)") == '<p><a href="https://b.org">alt</a></p>'


def test_html_degrades_to_text():
    assert text_of('<div class="x"><p style="color:red">a <span>b</span><sup>1</sup><s>c</s></p>\n\n*d*\n\n</div>') == (
        "<p>a b<sup>1</sup>c</p><p><i>d</i></p>"
    )
    assert text_of("<dl><dt>Term</dt><dd>Meaning</dd></dl>") == "<p><b>Term</b></p><p>Meaning</p>"
    assert text_of("<details><summary>More</summary>Text</details>") == "<p><b>More</b></p><p>Text</p>"


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>", "a <script>alert(1)</script> b", "<SCRIPT\n>alert(1)</SCRIPT >",
        "<style>p{}</style>",
        "<!-- hidden -->", "<svg><script>alert(1)</script></svg>", "<math><style>x</style></math>",
    ],
)  # fmt: skip
def test_what_nobody_was_meant_to_read_goes(markup):
    words = str(converted(markup + "\n\nafter"))
    assert "alert" not in words and "hidden" not in words and "p{}" not in words
    assert "after" in words


@pytest.mark.parametrize(
    "tag", ["title", "textarea", "xmp", "plaintext", "noscript", "iframe", "script", "style", "!--", "select"]
)
def test_an_element_left_open_swallows_nothing(tag):
    words = str(converted(f"before\n\n<{tag}>\n\n**after** <{tag}> more\n\nlast"))
    assert "after" in words and "last" in words


def test_placeholders_are_read():
    assert text_of("Write <project name> or <your-team>.") == "<p>Write &lt;project name&gt; or &lt;your-team&gt;.</p>"


def test_footnotes_and_terms():
    words = text_of("One[^1].\n\n[^1]: Because.\n")
    assert words == "<p>One<sup>[1]</sup>.</p><ol><li>Because.</li></ol>"


@pytest.mark.django_db
def test_what_is_written_is_what_the_editor_opens():
    """Every text survives a round through the editor: the same words, the same links."""
    text = text_of(
        "One **two *three*** [link](https://example.org) [page](/known)<sup>1</sup>\n\n- a\n  1. b\n\n     `c`\n"
    )
    converter = ContentstateConverter(features=TEXT_FEATURES)
    again = converter.to_database_format(converter.from_database_format(text))
    for piece in ("<b>two", 'href="https://example.org"', 'linktype="page"', "<sup>1</sup>", "<code>c</code>", "<ol>"):
        assert piece in again
    stream = BodyBlock().to_python([{"type": "text", "value": text}])
    assert [child.block_type for child in stream] == ["text"]


def test_struck_out_and_undescribed_things_are_counted():
    body = blocks.convert("~~old~~ ![](a.png) [x](y.md)", resolve=resolve)
    assert (body.struck_out, body.pictures, body.lost_links) == (1, 1, ["y.md"])


def test_depth_is_no_danger():
    for markdown in (
        "<div>" * 5000 + "word",
        ">" * 5000 + "word",
        "[" * 5000 + "word",
        "<b>" * 3000 + "word",
        "- " * 500 + "word",
    ):
        assert "word" in str(converted(markdown))

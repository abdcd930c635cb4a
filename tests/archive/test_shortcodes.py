import pytest

from hub.archive.domain import shortcodes
from hub.editorial.markdown import blocks


def shown(markdown, **addresses):
    expanded = shortcodes.expand(markdown, addresses=addresses)
    converted = blocks.convert(expanded, resolve=lambda href: href if href.startswith(("http", "mailto")) else None)
    return [(block.type, block.value) for block in converted.blocks]


def test_video():
    assert shown('{{< youtube id="vOPO2a33Bak" title="Getting &amp; started" >}}') == [
        ("video", {"url": "https://www.youtube.com/watch?v=vOPO2a33Bak", "title": "Getting & started"})
    ]
    assert shown("{{< vimeo 123 >}}") == [("video", {"url": "https://vimeo.com/123", "title": "Watch the video"})]
    assert shown('- See {{< youtube id="abc" title="it" >}} now') == [
        ("text", '<ul><li>See <a href="https://www.youtube.com/watch?v=abc">it</a> now</li></ul>')
    ]


def test_button_becomes_a_resource():
    assert shown('{{< button href="https://example.org/a" text="View it" >}}') == [
        ("resource", {"title": "View it", "url": "https://example.org/a", "note": ""})
    ]
    assert shown('{{< button href=http://example.org/b"" text="View it" >}}')[0][1]["title"] == "View it"
    assert shown('{{< button href="javascript:alert(1)" text="View it" >}}') == [("text", "<p>View it</p>")]


def test_pictures_are_their_words():
    assert shown('{{< img src="uid-without-address" alt="A table" caption="Ours" >}}') == [
        ("text", "<p>A table</p><p>Ours</p>")
    ]
    assert shown('{{< figure src="https://example.org/a.png" alt="A table" >}}') == [
        ("text", '<p><a href="https://example.org/a.png">A table</a></p>')
    ]
    assert shown('{{< img-right src="logo" >}}') == []


def test_notice_with_markdown_inside():
    assert shown('{{< note variant="warning" >}}\n**Mind** the [gap](https://example.org).\n{{< /note >}}') == [
        ("notice", {"kind": "mind", "text": '<p><b>Mind</b> the <a href="https://example.org">gap</a>.</p>'})
    ]


def test_quote():
    assert shown('{{< quote-block text="We did." cite="Somebody" >}}') == [
        ("quote", {"text": "We did.", "attribution": "Somebody"})
    ]


def test_containers_keep_title_and_content():
    assert shown(
        '{{< accordion kicker="Day 1" title="**Methods**:" >}}\n\n## First\n\nText.\n\n{{< /accordion >}}'
    ) == [
        ("heading", {"text": "Day 1: Methods"}),
        ("heading", {"text": "First"}),
        ("text", "<p>Text.</p>"),
    ]
    assert shown("{{< box >}}\n- a\n{{< /box >}}") == [("text", "<ul><li>a</li></ul>")]


def test_lists_of_checkboxes():
    markdown = (
        "{{< checklist >}}\n  {{< checkbox >}}One{{< /checkbox >}}\n  {{< checkbox >}} Two {{< /checkbox >}}\n"
        "  {{< checklist-sublist >}}\n  {{< checkbox-sublist-item >}}Below{{< /checkbox-sublist-item >}}\n"
        "  {{< /checklist-sublist >}}\n{{< /checklist >}}\n"
    )
    assert shown(markdown) == [("text", "<ul><li>One</li><li>Two<ul><li>Below</li></ul></li></ul>")]


def test_references_and_files():
    assert shown('[here]({{< ref "https://example.org/x y.md" >}})') == [
        ("text", '<p><a href="https://example.org/x%20y.md">here</a></p>')
    ]
    file = '{{< asset-static file="a b.pdf" label="The slides (PDF)" >}}'
    assert shown(file, **{"asset-static": "https://files.example.org/{file}"}) == [
        ("text", '<p><a href="https://files.example.org/a%20b.pdf">The slides (PDF)</a></p>')
    ]
    assert shown(file) == [("text", "<p>The slides (PDF)</p>")]


def test_unknown_ones_keep_their_words():
    assert shown('{{< card-prompt intro="x" title="Think" >}}about **it**{{< /card-prompt >}}') == [
        ("heading", {"text": "Think"}),
        ("text", "<p>about <b>it</b></p>"),
    ]
    assert shown('{{% fancy "Some words here" %}}') == [("text", "<p>Some words here</p>")]
    assert shown("{{< search-box >}}") == []


@pytest.mark.parametrize(
    "markdown",
    [
        "a {{< broken b",
        "a {{< broken\n\nb {{< note >}} c",
        "{{< /note >}} a",
        '{{< note title="never closed >}} a',
        "a {{<>}} b",
    ],
)
def test_broken_ones_lose_their_braces_only(markdown):
    words = str(shown(markdown))
    assert "{{" not in words
    assert "a" in words


def test_one_that_is_only_shown_stays():
    assert shown("Write `{{</* note */>}}`.") == [("text", "<p>Write <code>{{&lt;/* note */&gt;}}</code>.</p>")]

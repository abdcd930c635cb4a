"""The converter on the real archive beside the project: nothing lost, nothing raw left over."""

import pytest

from hub.archive.domain import blocks, front_matter, shortcodes
from tests.archive import words

FOLDERS = [
    "digitalgov/events",
    "digitalgov/resources",
    "digitalgov/news",
    "digitalgov/communities",
    "innersource-patterns",
]


def resolve(href):
    return (
        href
        if href.startswith(("http://", "https://", "mailto:"))
        else f"https://old.example{href}"
        if href[:1] == "/"
        else None
    )


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_word_is_kept(real_archive, folder):
    root = real_archive / folder
    files = sorted(root.rglob("*.md"))
    assert len(files) > 25
    lost, letters, leftovers = {}, 0, []
    for file in files:
        source = front_matter.read(file, root)
        body = blocks.convert(shortcodes.expand(source.body), resolve=resolve)
        shown = words.of_blocks(body.blocks)
        if "{{" in shown or "}}" in shown:
            leftovers.append(source.path)
        if missing := words.missing(source.body, body.blocks):
            lost[source.path] = missing
        letters += len(shown)
    assert leftovers == []
    assert letters > 1000
    # the counting of source words is crude, the converter's is not: a file in a hundred may look different
    assert len(lost) <= max(1, len(files) // 100), lost

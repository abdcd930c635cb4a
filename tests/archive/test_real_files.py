"""The converter on the real archive beside the project: nothing lost, nothing raw left over."""

import pytest

from hub.archive.domain import content, front_matter, layouts, links, records, shortcodes
from hub.archive.domain.problems import SourceError
from hub.archive.domain.run import Wish, run
from hub.editorial.markdown import blocks
from hub.pages.models import BasePage
from roundtables.models import SessionPage
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


KINDS = {
    "digitalgov/events": "sessions",
    "digitalgov/resources": "practices",
    "digitalgov/news": "reports",
    "digitalgov/communities": "pages",
    "digitalgov/topics": "topics",
    "digitalgov/authors": "people",
    "innersource-patterns": "practices",
}


@pytest.mark.parametrize("folder", KINDS)
def test_every_file_is_understood(real_archive, folder):
    root, kind = real_archive / folder, KINDS[folder]
    sources = [front_matter.read(file, root) for file in sorted(root.rglob("*.md"))]
    layout = layouts.choose(kind, sources)
    assert layout.name == folder.replace("/", "-")
    failed = []
    for source in sources:
        try:
            record = records.from_source(source, layout)
            made = content.compose(record, layout, links.Addresses(layout.source_url).linker(source.path))
        except SourceError as error:
            failed.append((source.path, error.line, error.reason))
        else:
            assert made.title or record.values.get("name")
    # only what YAML itself forbids: a key given twice, with two values
    assert all("given twice" in reason for _, _, reason in failed)
    assert len(failed) <= len(sources) // 100


@pytest.mark.slow
@pytest.mark.django_db
def test_the_whole_archive_goes_in_and_stays(real_archive):
    """740 files and the patterns; the second run changes nothing."""
    for again in (False, True):
        total = 0
        for folder, kind in KINDS.items():
            if kind in ("people", "topics"):
                continue
            files = len(list((real_archive / folder).rglob("*.md")))
            report = run(Wish(real_archive / folder, kind, archive=folder))
            went_in = report.unchanged if again else report.created
            assert went_in + len(report.failed) == files
            assert len(report.failed) <= files // 100
            assert report.updated == 0 and (report.created == 0 or not again)
            total += files
        assert total >= 740
    assert BasePage.find_problems() == ([], [], [], [], [])
    plain = SessionPage.objects.filter(topics__slug="plain-language").first()
    assert plain is not None and plain.live and plain.bylines.exists()

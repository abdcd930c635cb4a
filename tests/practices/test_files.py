"""Files of a practice: few, small, what they say they are, and private until the practice is read."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hub.media.models import HubDocument
from hub.practices.domain import attachments
from tests.factories import MemberProfileFactory
from tests.practices.conftest import TOLD, only_practice

pytestmark = pytest.mark.django_db


def packed(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


CARD = ("role-card.txt", b"One role, one card.")
WORD = ("card.docx", packed("[Content_Types].xml", "word/document.xml"))


def add(desk, name=CARD[0], content=CARD[1], **changes):
    return desk.post(do="attach", file=SimpleUploadedFile(name, content), **changes)


def files():
    return [block.value for block in only_practice().get_latest_revision_as_object().attachments]


def test_a_file_comes_with_what_was_typed_and_is_read_by_its_author_only(desk, leader):
    add(desk, title="With a card")
    (document,) = files()
    assert only_practice().title == "With a card"
    assert (document.title, document.uploaded_by_user) == ("role-card", desk.user)
    assert desk.client.get(document.url).status_code == 200
    for other in (None, MemberProfileFactory().user, leader):
        client = Client()
        if other:
            client.force_login(other, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(document.url).status_code == 404


def test_once_published_its_readers_read_the_files_and_nobody_else(desk):
    add(desk, **TOLD)
    (document,) = files()
    only_practice().get_latest_revision().publish()
    reader = Client()
    assert reader.get(document.url).status_code == 404  # the practice is for members
    reader.force_login(MemberProfileFactory().user, backend="django.contrib.auth.backends.ModelBackend")
    assert reader.get(document.url).status_code == 200
    page = reader.get(only_practice().url).content.decode()
    assert document.url in page and "role-card" in page


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("run.exe", b"MZ", "files of this kind are not taken"),
        ("page.html", b"<script>", "files of this kind are not taken"),
        ("drawing.svg", b"<svg/>", "files of this kind are not taken"),
        ("noending", b"x", "files of this kind are not taken"),
        ("empty.txt", b"", "empty"),
        ("large.txt", b"x" * (attachments.MOST_BYTES + 1), "larger than 10 MB"),
        ("fake.pdf", b"<html>", "not what its name says"),
        ("fake.docx", packed("xl/workbook.xml"), "not what its name says"),
        ("broken.docx", b"PK\x03\x04 no zip", "not what its name says"),
        ("binary.txt", b"MZ\x00\x00", "not what its name says"),
    ],
)
def test_what_is_not_taken_is_told_in_words_and_the_text_is_kept(desk, name, content, said):
    add(desk, name, content, title="Kept")
    page = desk.client.get("/practices/").content.decode()
    assert "Kept" in page or not content  # Django itself refuses an empty file before anything is saved
    assert not HubDocument.objects.exists()
    shown = (
        desk.answer.content.decode()
        if desk.answer.status_code == 422
        else desk.client.get(desk.answer["Location"]).content.decode()
    )
    assert said in shown or said in page


def test_a_file_of_words_and_a_pdf_are_taken(desk):
    add(desk, *WORD)
    desk.open(desk.answer["Location"])
    add(desk, "paper.pdf", b"%PDF-1.7 ...")
    assert [document.title for document in files()] == ["card", "paper"]


def test_there_are_only_so_many_and_one_can_be_taken_off(desk, monkeypatch):
    monkeypatch.setattr(attachments, "MOST_FILES", 1)
    add(desk)
    desk.open(desk.answer["Location"])
    assert "as many files as a practice has" in desk.client.get(desk.url).content.decode()
    add(desk, *WORD)
    assert len(files()) == 1
    block = only_practice().get_latest_revision_as_object().attachments[0]
    desk.post(do=f"remove:{block.id}")
    assert files() == [] and not HubDocument.objects.exists()


def test_deleting_the_draft_deletes_its_files(desk):
    add(desk)
    desk.client.post(f"{desk.answer['Location']}delete/")
    assert not HubDocument.objects.exists()

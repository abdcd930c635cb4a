"""What editors and operators are told about files that are not read."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from hub.home.domain.status import LONGEST_WAIT, checks
from hub.media.enums import Reading, Refusal
from hub.media.models import DocumentText, HubDocument
from tests.media import files
from tests.media.making import document

pytestmark = pytest.mark.django_db


def looked_at():
    return next(check for check in checks() if check.name == "documents")


def test_every_reason_is_a_sentence_with_what_to_do():
    for refusal in Refusal:
        assert refusal.label.endswith(".") and refusal.label[0].isupper()
        assert len(refusal.value) <= DocumentText._meta.get_field("refusal").max_length


def test_uploading_in_the_editor_reads_the_file(client, staff, django_capture_on_commit_callbacks):
    client.force_login(staff)
    with django_capture_on_commit_callbacks(execute=True):
        upload = SimpleUploadedFile("list.docx", files.docx("Bring chairs"))
        answer = client.post(reverse("wagtaildocs:add"), {"title": "List", "file": upload, "collection": 1})
    assert answer.status_code == 302
    assert HubDocument.objects.get().text.text == "Bring chairs"


def test_the_editor_says_why_a_file_is_not_read_and_reads_it_again(client, staff, django_capture_on_commit_callbacks):
    paper = document(files.locked_pdf("x"), "locked.pdf", title="Locked")
    client.force_login(staff)
    html = client.get(reverse("wagtaildocs:edit", args=[paper.pk])).content.decode()
    assert Refusal.LOCKED.label in html
    again = reverse("media_read_again", args=[paper.pk])
    assert again in html
    DocumentText.objects.filter(pk=paper.pk).update(refusal=Refusal.CRASH)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(again).status_code == 302
        assert DocumentText.objects.get(pk=paper.pk).state == Reading.WAITING
    assert DocumentText.objects.get(pk=paper.pk).refusal == Refusal.LOCKED


def test_a_file_that_was_read_offers_no_second_reading(client, staff):
    paper = document(b"words")
    client.force_login(staff)
    html = client.get(reverse("wagtaildocs:edit", args=[paper.pk])).content.decode()
    assert "can be searched" in html
    assert "read-again" not in html


def test_reading_again_is_for_those_who_may_change_the_document(client, member):
    paper = document(files.locked_pdf("x"), "locked.pdf")
    client.force_login(member)
    assert client.post(reverse("media_read_again", args=[paper.pk])).status_code in (302, 403)
    assert DocumentText.objects.get(pk=paper.pk).state == Reading.UNREAD


def test_saving_the_title_does_not_try_a_refused_file_again(django_capture_on_commit_callbacks):
    paper = document(files.locked_pdf("x"), "locked.pdf")
    with django_capture_on_commit_callbacks() as callbacks:
        paper.title = "Another title"
        paper.save()
    assert DocumentText.objects.get(pk=paper.pk).state == Reading.UNREAD
    assert not [call for call in callbacks if "read_document" in repr(call)]


def test_the_status_of_the_hub_names_what_was_not_read():
    assert looked_at().value == "none"
    document(b"words")
    document(files.locked_pdf("x"), "locked.pdf", title="Locked")
    assert looked_at().value == f"1 read, 1 not read. “Locked”: {Refusal.LOCKED.label}"
    assert looked_at().ok, "a file with a password is no illness of the hub"


def test_the_status_of_the_hub_notices_that_nobody_reads():
    paper = document(b"words", read=False)
    assert looked_at().ok
    DocumentText.objects.filter(pk=paper.pk).update(changed_at=timezone.now() - LONGEST_WAIT * 2)
    assert "extract_documents" in looked_at().problem

"""Documents for tests, with the pages that show them."""

from django.core.files.base import ContentFile

from hub.media.domain import reading
from hub.media.models import HubDocument


def document(data=b"words", name="paper.txt", *, title="A paper", read=True, **fields):
    """A document with this file; its words are read at once, as the worker would."""
    made = HubDocument(title=title, **fields)
    made.file.save(name, ContentFile(data), save=False)
    made._set_document_file_metadata()
    made.save()
    if read:
        reading.read(made)
    return HubDocument.objects.get(pk=made.pk)


def link(*documents):
    """A text that links to them."""
    return [("text", "".join(f'<p><a linktype="document" id="{one.pk}">the paper</a></p>' for one in documents))]

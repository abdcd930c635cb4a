"""Background work on files."""

from django.core.management import call_command
from django_tasks import task


@task()
def read_document(document_id: int) -> None:
    """Read the words of one document. Whatever is in its file ends with the child process that reads it."""
    call_command("extract_documents", document_id, verbosity=0)

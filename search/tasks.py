"""Background work of the index."""

from django.core.management import call_command
from django_tasks import task


@task()
def sync_index() -> None:
    """Settle what the index still owes."""
    call_command("search_sync", verbosity=0)

"""The review that every new page of the hub goes through, until staff decide otherwise."""

from __future__ import annotations

from django.db import transaction
from wagtail.models import Site, Workflow, WorkflowPage, WorkflowTask

from hub.editorial.models import PeerReviewTask

WORKFLOW = "Peer review"
TASK = "Peer review"


@transaction.atomic
def sync_workflows() -> bool:
    """Make sure that pages below the front page go through peer review; returns whether anything was made.

    What staff have set up stays: a hub that has a peer review task, or a workflow on its front page,
    is left alone. Side effects: one task, one workflow, attached to the front page of the default site,
    from where roundtables, practices, research and all other sections inherit it.
    """
    site = Site.objects.filter(is_default_site=True).first()
    if (
        site is None
        or PeerReviewTask.objects.exists()
        or WorkflowPage.objects.filter(page_id=site.root_page_id).exists()
    ):
        return False
    task = PeerReviewTask.objects.create(name=TASK)
    workflow = Workflow.objects.create(name=WORKFLOW)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(page_id=site.root_page_id, workflow=workflow)
    return True

"""The reviews that every new page of the hub goes through, until staff decide otherwise."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db import transaction
from wagtail.models import Site, Workflow, WorkflowPage, WorkflowTask

from hub.editorial import strictness
from hub.editorial.models import PeerReviewTask

NAME = "Peer review"


@transaction.atomic
def sync_workflows() -> list[str]:
    """Make sure that pages go through review: all with one approval, some sections (strictness.py) more strictly.

    Returns the names of what was made. What staff have set up stays: a hub that has any review task, or a workflow
    on its front page, keeps that; a stricter review that there once was is not made again, whatever became of
    it. Side effects: a task and a workflow for each, attached to the front page of the default site (from where
    all sections inherit it) and to the sections that are reviewed more strictly.
    """
    made: list[str] = []
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        return made
    if not PeerReviewTask.objects.exists() and not _has_workflow([site.root_page_id]):
        _make(NAME, [site.root_page_id])
        made.append(NAME)
    for wanted in strictness.stricter():
        sections = list(apps.get_model(wanted.section).objects.values_list("pk", flat=True))
        if sections and not PeerReviewTask.objects.filter(name=wanted.name).exists() and not _has_workflow(sections):
            _make(wanted.name, sections, quorum=wanted.quorum, staff_approve=wanted.staff_approve)
            made.append(wanted.name)
    return made


def _has_workflow(pages: Iterable[int]) -> bool:
    return WorkflowPage.objects.filter(page_id__in=pages).exists()


def _make(name: str, pages: Iterable[int], **fields: int) -> None:
    task = PeerReviewTask.objects.create(name=name, **fields)
    workflow = Workflow.objects.create(name=name)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    for page in pages:
        WorkflowPage.objects.create(page_id=page, workflow=workflow)

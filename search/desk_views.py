"""The pages of the search desk that are no list of a model: what was asked, and what everybody finds."""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from hub.kernel.modeladmin import harmless
from search.domain import desk
from search.domain.desk import PERIODS, AskedQuestion, View
from search.domain.preview import seen_by_all, things
from search.domain.words import squeeze
from search.rules import can_steer

PER_PAGE = 50
LONGEST = 200  # characters of a question to preview
COLUMNS = ("question", "people", "asked", "nothing found", "of these narrowed down", "given up", "answered",
           "did not help", "last asked")  # fmt: skip

Answering = Callable[..., HttpResponse]


def for_staff(view: Answering) -> Answering:
    """Opens for those who may steer the search, to nobody else, and leaves nothing in a cache."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can_steer(request.user):
            raise PermissionDenied
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    return guarded


@require_safe
@for_staff
def asked(request: HttpRequest) -> HttpResponse:
    """What was asked in a period, as far as at least three people did."""
    days, view = _chosen(request)
    found, summary = desk.questions(days, view)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("p"))
    rows = [
        {
            "question": question,
            "count": question.of(view),
            "preview_url": preview_url(question.text),
            "synonym_url": _prefilled("synonym", f"{question.text}, "),
            "choose_url": f"{preview_url(question.text)}#choose",
        }
        for question in page
    ]
    context = {
        "days": days, "view": view, "rows": rows, "summary": summary, "page_obj": page, "people": desk.FEWEST_PEOPLE,
        "periods": [(period, _address(period, view), period == days) for period in PERIODS],
        "views": [(one.label, _address(days, one), one == view) for one in View],
        "csv_url": f"{reverse('search_desk_csv')}?{urlencode({'days': days, 'view': view.value})}",
    }  # fmt: skip
    return render(request, "search/desk/asked.html", context)


@require_safe
@for_staff
def asked_csv(request: HttpRequest) -> HttpResponse:
    """The same list for a spreadsheet, with the same questions left out."""
    days, view = _chosen(request)
    found, _ = desk.questions(days, view)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="questions-{view.value}-{days}-days.csv"'
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    writer.writerows([harmless(value) for value in _values(question)] for question in found)
    return response


@require_safe
@for_staff
def preview(request: HttpRequest) -> HttpResponse:
    """What a visitor, a member, a member-leader and staff find for a question, and why it comes in that order."""
    text = squeeze(request.GET.get("q", "")[: LONGEST * 4])[:LONGEST]
    readers = list(seen_by_all(text)) if text else []
    choices = [(thing, _prefilled("promotedresult", text, thing=thing.key)) for thing in things(text, request.user)]
    context = {
        "text": text, "readers": readers, "choices": choices, "synonym_url": _prefilled("synonym", f"{text}, "),
        "choose_url": _prefilled("promotedresult", text),
        "alternatives": readers[-1].answer.question.alternatives if readers else (),
    }  # fmt: skip
    return render(request, "search/desk/preview.html", context)


@require_safe
@for_staff
def offered(request: HttpRequest) -> HttpResponse:
    """What can be chosen for what was typed: a piece of HTML for the form of a chosen result."""
    found = things(request.GET.get("q", ""), request.user)
    return render(request, "search/desk/things.html", {"things": found, "name": "thing", "chosen": ""})


def preview_url(text: str) -> str:
    """Where a question is previewed."""
    return f"{reverse('search_desk_preview')}?{urlencode({'q': text})}"


def _prefilled(model: str, words: str, **more: str) -> str:
    return f"{reverse(f'search_{model}_modeladmin_create')}?{urlencode({'words': words, **more})}"


def _address(days: int, view: View) -> str:
    return f"{reverse('search_desk')}?{urlencode({'days': days, 'view': view.value})}"


def _chosen(request: HttpRequest) -> tuple[int, View]:
    days, view = request.GET.get("days", ""), request.GET.get("view", "")
    return next((period for period in PERIODS if str(period) == days), 30), View(view) if view in View else View.TOP


def _values(question: AskedQuestion) -> list[Any]:
    return [
        question.text, question.people, question.asked, question.nothing, question.narrowed, question.abandoned,
        question.successful, question.unhelpful, question.last_asked.date(),
    ]  # fmt: skip

"""Searches that a person keeps: saving, the list, what an alert told of."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from search.domain import saved as saving
from search.domain.filters import Vocabulary
from search.domain.query import Hit
from search.domain.rows import NOTHING, row
from search.models import Rhythm, SavedSearch, SearchAlert


def _own(view: Any) -> Any:
    """For the owner of the search in the address; for everybody else there is no such search."""

    @wraps(view)
    @require_POST
    @login_required
    def checked(request: HttpRequest, pk: int) -> HttpResponse:
        found = get_object_or_404(SavedSearch.objects.select_related("owner"), pk=pk, owner=request.user.pk)
        return view(request, found)  # type: ignore[no-any-return]

    return checked


@require_safe
@login_required
@never_cache
def saved(request: HttpRequest) -> HttpResponse:
    """The searches of the person who is logged in."""
    searches = list(SavedSearch.objects.filter(owner_id=request.user.pk).select_related("owner"))
    slugs = sorted({slug for one in searches for slug in one.filters.get("topic", [])})
    vocabulary = Vocabulary.load(())
    vocabulary.add_topic_slugs(slugs)
    shown = [(one, saving.choices_of(one, vocabulary)) for one in searches]
    return render(request, "search/saved.html", {"searches": shown, "rhythms": Rhythm.choices})


@login_required
@never_cache
def save(request: HttpRequest) -> HttpResponse:
    """Keep the search of the page that was posted from; then the list, where it can be named."""
    if request.method != "POST":  # who had to log in first comes back without the form
        messages.info(request, "Nothing is saved yet. Search again, then save it.")
        return redirect("search:saved")
    asked = QueryDict(request.POST.get("asked", "")[:20_000].encode("utf-8", "replace"))
    try:
        kept = saving.save(request.user, asked, name=request.POST.get("name", ""))  # type: ignore[arg-type]
    except saving.Refused as error:
        messages.warning(request, str(error))
        return redirect("search:saved")
    messages.success(request, f"“{kept.name}” is saved. Every week we tell you what is new for it; change that below.")
    return _to(kept)


@_own
def change(request: HttpRequest, kept: SavedSearch) -> HttpResponse:
    """Another name, another rhythm; pause and resume."""
    what = request.POST.get("do", "")
    if what == "pause":
        saving.pause(kept)
        messages.success(request, f"Alerts for “{kept.name}” rest until you resume them.")
    elif what == "resume":
        saving.resume(kept)
        messages.success(request, f"You hear again of what is new for “{kept.name}”, from now on.")
    else:
        saving.change(kept, name=request.POST.get("name", ""), rhythm=request.POST.get("rhythm", ""))
        messages.success(request, f"“{kept.name}” is changed.")
    return _to(kept)


@_own
def delete(request: HttpRequest, kept: SavedSearch) -> HttpResponse:
    """Forget a search, and what was told about it."""
    kept.delete()
    messages.success(request, f"“{kept.name}” is deleted. You hear no more of it.")
    return redirect("search:saved")


@require_safe
@login_required
@never_cache
def news(request: HttpRequest, pk: int) -> HttpResponse:
    """What an alert told of, as far as its owner may find it now.

    The news outlives the search: then, and to everybody whose alert it never was, the list of their own searches.
    """
    alert = SearchAlert.objects.select_related("search__owner").filter(pk=pk, search__owner=request.user.pk).first()
    if alert is None:
        messages.info(
            request,
            "The search that this news was for is not among yours any more, and what was new for it went with it. "
            "These are the searches you keep.",
        )
        return redirect("search:saved")
    vocabulary = Vocabulary.load(())
    rows = [row(Hit(entry), NOTHING, vocabulary) for entry in saving.news_of(alert)]
    return render(request, "search/saved_news.html", {"alert": alert, "kept": alert.search, "rows": rows})


def _to(kept: SavedSearch) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('search:saved')}#search-{kept.pk}")

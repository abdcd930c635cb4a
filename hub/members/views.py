"""The directory, the profile pages, and looking after one's own profile."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hub.accounts.enums import Role
from hub.accounts.models import User
from hub.kernel import prepared
from hub.members import registry
from hub.members.domain import profiles
from hub.members.enums import ShownTo
from hub.members.filters import DirectoryFilter
from hub.members.forms import ProfileForm
from hub.members.models import MemberProfile
from hub.members.rules import Onlooker, shown, shown_at

PEOPLE_PER_PAGE = 24

# “See myself as others do”: the level, and in whose place the page is read.
AS_OTHERS = {
    "public": (ShownTo.PUBLIC, Onlooker(Role.VISITOR), "anybody on the web"),
    "members": (ShownTo.MEMBERS, Onlooker(Role.MEMBER), "other members"),
    "connected": (ShownTo.CONNECTED, Onlooker(Role.MEMBER), "people you are connected with"),
}


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """People the viewer may find, narrowed down by values the viewer may see."""
    wanted = DirectoryFilter(request.GET, request.user)
    facets = wanted.facets()
    chosen = wanted.chosen(facets)
    page = Paginator(wanted.people(), PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "members/directory.html",
        {
            "people": [shown(profile, request.user) for profile in page.object_list],
            "page_obj": page,
            "facets": facets,
            "chosen": chosen,
            "query": wanted.query,
            "kept": [("q", wanted.query)] if wanted.query else [],
            "clear_url": request.path,
        },
    )


def _profiles(slug: str) -> Any:
    return MemberProfile.objects.for_display().select_related("user").filter(slug=slug).order_by()


def _is_on_the_site(profile: MemberProfile) -> bool:
    return profile.is_listed and (profile.user is None or profile.user.is_active)


@require_safe
def profile(request: HttpRequest, slug: str) -> HttpResponse:
    """One person, as far as the viewer may see them. 404 alike for nobody, the unlisted and the unnamed."""
    person = next(iter(prepared.rows("profile", _profiles, slug)), None)
    if person is None:
        raise Http404
    viewer: Any = request.user
    seen, seen_as = shown(person, viewer), None
    if seen.is_me and request.GET.get("as") in AS_OTHERS:
        level, viewer, seen_as = AS_OTHERS[request.GET["as"]]
        seen = shown_at(person, level)
    elif not seen.is_me and (seen.name is None or not _is_on_the_site(person)):
        raise Http404
    context: dict[str, Any] = {
        "profile": seen,
        "pages": registry.contributions_of(person, viewer),
        "seen_as": seen_as,
        "is_hidden": seen.name is None or not person.is_listed,
        "is_mine": person.user_id is not None and person.user_id == request.user.pk,
        "ways_to_look": [(key, words) for key, (_, _, words) in AS_OTHERS.items()],
    }
    response = render(request, "members/profile.html", context)
    response["Cache-Control"] = "private"
    return response


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """One's own profile: what it says, and who sees which part of it."""
    user = cast(User, request.user)
    person = profiles.profile_of(user)
    if request.method == "POST":
        form = ProfileForm(request.POST, request.FILES, instance=person)
        if form.is_valid():
            form.save_for(user)
            messages.success(request, "Your profile is saved.")
            return redirect("members:edit")
    else:
        form = ProfileForm(instance=person)
    return render(request, "members/edit.html", {"form": form, "profile_url": person.get_absolute_url()})

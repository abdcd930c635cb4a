"""The directory and the profile pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def directory(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def profile(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse()

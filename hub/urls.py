"""Every address of the hub. The only module, with `hub.api`, that may import every app."""

from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

# Wagtail's own login forms know nothing of second factors: both lead to ours.
_to_login = RedirectView.as_view(pattern_name="account_login", query_string=True)

urlpatterns = [
    path("admin/login/", _to_login),
    path("_util/login/", _to_login),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("", include("hub.media.urls")),
    path("accounts/", include("allauth.urls")),
    path("people/", include("hub.members.urls")),
    path("", include(wagtail_urls)),
]

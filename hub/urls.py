"""Every address of the hub. The only module that may import every app."""

from allauth.account import views as allauth_views
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

# Wagtail's own doors know nothing of second factors: all of them lead to ours.
_to_login = RedirectView.as_view(pattern_name="account_login", query_string=True)
_to_new_password = RedirectView.as_view(url="/accounts/password/reset/")

urlpatterns = [
    path("admin/login/", _to_login),
    path("_util/login/", _to_login),
    path("admin/logout/", allauth_views.logout),
    re_path(r"^admin/password_reset/", _to_new_password),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("", include("hub.media.urls")),
    path("", include("hub.accounts.urls")),  # before allauth: there is no open sign-up
    path("accounts/", include("allauth.urls")),
    path("my-hub/notifications/", include("hub.notifications.urls")),
    path("", include("hub.editorial.urls")),
    path("", include("hub.editorial.upkeep_urls")),
    path("", include("hub.members.urls")),
    path("", include("roundtables.urls")),
    path("search/", include("search.urls")),
    path("practices/", include("hub.practices.urls")),
    path("", include("hub.home.urls")),
    path("", include(wagtail_urls)),
]

"""Addresses of invitations, below /my-hub/invitations/, and of the links for people outside, below /read/."""

from django.urls import path

from hub.editorial.views import external, invitations

app_name = "editorial"

urlpatterns = [
    path("my-hub/invitations/<int:pk>/", invitations.accept, name="accept"),
    path("my-hub/invitations/<str:token>/", invitations.accept_link, name="accept_link"),
    path("read/<str:token>/", external.external_review, name="external"),
    path(
        "read/<str:token>/pictures/<int:rendition_id>/<slug:signature>/",
        external.external_picture,
        name="external_picture",
    ),
]

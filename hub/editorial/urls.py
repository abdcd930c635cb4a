"""Addresses of invitations, below /my-hub/invitations/."""

from django.urls import path

from hub.editorial.views import invitations

app_name = "editorial"

urlpatterns = [
    path("<int:pk>/", invitations.accept, name="accept"),
    path("<str:token>/", invitations.accept_link, name="accept_link"),
]

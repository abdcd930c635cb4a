"""Addresses of the inbox, below /my-hub/notifications/."""

from django.urls import path

from hub.notifications import views

app_name = "notifications"

urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("read/", views.read_all, name="read_all"),
    path("mail/", views.preferences, name="preferences"),
    path("stop/<str:token>/", views.stop, name="stop"),
    path("<int:pk>/", views.open_notification, name="open"),
]

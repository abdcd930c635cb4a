from django.urls import path

from hub.members import views

app_name = "members"

urlpatterns = [
    path("people/", views.directory, name="directory"),
    path("people/<slug:slug>/", views.profile, name="profile"),
    path("my-hub/profile/", views.edit, name="edit"),
]

"""Addresses of what keeps pages true."""

from django.urls import path

from hub.editorial.views import upkeep

app_name = "upkeep"

urlpatterns = [
    path("my-hub/upkeep/", upkeep.mine, name="mine"),
    path("my-hub/upkeep/<int:pk>/", upkeep.keep, name="keep"),
    path("corrections/<int:pk>/", upkeep.earlier, name="earlier"),
]

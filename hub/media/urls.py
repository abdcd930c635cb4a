from django.urls import path

from hub.media import views

app_name = "media"

urlpatterns = [
    path("pictures/<int:rendition_id>/<slug:signature>/", views.rendition, name="rendition"),
]

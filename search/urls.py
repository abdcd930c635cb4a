from django.urls import path

from search import asking_views, views

app_name = "search"

urlpatterns = [
    path("", views.results, name="results"),
    path("suggest/", views.suggest, name="suggest"),
    path("clicked/", asking_views.clicked, name="clicked"),
    path("helped/", asking_views.helped, name="helped"),
]

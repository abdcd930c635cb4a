from django.urls import path

from search import asking_views, close_views, saved_views, views

app_name = "search"

urlpatterns = [
    path("", views.results, name="results"),
    path("suggest/", views.suggest, name="suggest"),
    path("close/<int:page_id>/", close_views.close, name="close"),
    path("close/person/<int:profile_id>/", close_views.close_person, name="close_person"),
    path("close/takeaway/<int:pk>/", close_views.close_takeaway, name="close_takeaway"),
    path("clicked/", asking_views.clicked, name="clicked"),
    path("helped/", asking_views.helped, name="helped"),
    path("saved/", saved_views.saved, name="saved"),
    path("saved/save/", saved_views.save, name="save"),
    path("saved/<int:pk>/", saved_views.change, name="saved_change"),
    path("saved/<int:pk>/delete/", saved_views.delete, name="saved_delete"),
    path("saved/news/<int:pk>/", saved_views.news, name="saved_news"),
]

"""Addresses of what members bring, below the list of practices."""

from django.urls import path

from hub.practices.views import proposing, suggesting, trying

app_name = "practices"

urlpatterns = [
    path("propose/", proposing.propose, name="propose"),
    path("propose/similar/", proposing.similar, name="similar"),
    path("propose/<int:pk>/", proposing.proposal, name="proposal"),
    path("propose/<int:pk>/withdraw/", proposing.withdraw, name="withdraw"),
    path("propose/<int:pk>/delete/", proposing.discard, name="discard"),
    path("edits/<int:pk>/", suggesting.suggestion, name="suggestion"),
    path("edits/<int:pk>/withdraw/", suggesting.withdraw, name="suggestion_withdraw"),
    path("<int:page_id>/suggest/", suggesting.suggest, name="suggest"),
    path("<int:page_id>/tried/", trying.tried, name="tried"),
    path("<int:page_id>/tried/forget/", trying.forget, name="tried_forget"),
]

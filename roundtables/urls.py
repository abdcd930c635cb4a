from django.urls import path

from roundtables.views import seats

app_name = "roundtables"

urlpatterns = [
    path("seats/<int:session_id>/take/", seats.take, name="take_seat"),
    path("seats/<int:session_id>/accept/", seats.accept, name="accept_seat"),
    path("seats/answer/<str:token>/", seats.answer, name="answer"),
    path("seats/<int:session_id>/show/", seats.show, name="show_seat"),
    path("seats/<int:session_id>/give-back/", seats.give_back, name="give_back_seat"),
]

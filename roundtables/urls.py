from django.urls import path

from roundtables.views import loosening, seats

app_name = "roundtables"

urlpatterns = [
    path("my-hub/attribution/<int:pk>/", loosening.answer, name="loosening"),
    path("seats/<int:session_id>/take/", seats.take, name="take_seat"),
    path("seats/<int:session_id>/show/", seats.show, name="show_seat"),
    path("seats/<int:session_id>/give-back/", seats.give_back, name="give_back_seat"),
]

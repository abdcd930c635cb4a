from django.urls import path

from roundtables import views

app_name = "roundtables"

urlpatterns = [
    path("seats/<int:session_id>/take/", views.take, name="take_seat"),
    path("seats/<int:session_id>/show/", views.show, name="show_seat"),
    path("seats/<int:session_id>/give-back/", views.give_back, name="give_back_seat"),
]

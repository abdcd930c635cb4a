from django.urls import path

from roundtables.views import calendars, library, loosening, questions, running, seats

app_name = "roundtables"

urlpatterns = [
    path("my-hub/attribution/<int:pk>/", loosening.answer, name="loosening"),
    path("seats/<int:session_id>/take/", seats.take, name="take_seat"),
    path("seats/<int:session_id>/accept/", seats.accept, name="accept_seat"),
    path("seats/answer/<str:token>/", seats.answer, name="answer"),
    path("seats/<int:session_id>/show/", seats.show, name="show_seat"),
    path("seats/<int:session_id>/give-back/", seats.give_back, name="give_back_seat"),
    path("sessions/<int:session_id>/ask/", questions.ask, name="ask"),
    path("sessions/<int:session_id>/check-in/", running.check_in, name="check_in"),
    path("sessions/<int:session_id>/recording/", running.consent, name="consent"),
    path("sessions/<int:session_id>/run/", running.run, name="run_sheet"),
    path("sessions/<int:session_id>/notes/", running.write, name="notes"),
    path("sessions/<int:session_id>/notes/take-over/", running.take_over, name="take_over_notes"),
    path("questions/<int:question_id>/", questions.change, name="change_question"),
    path("questions/<int:question_id>/withdraw/", questions.withdraw, name="withdraw_question"),
    path("questions/<int:question_id>/vote/", questions.vote, name="vote"),
    path("questions/<int:question_id>/sort-out/", questions.sort_out, name="sort_out_question"),
    path("roundtables/calendar/", library.month, name="calendar"),
    path("roundtables/by-topic/", library.by_topic, name="by_topic"),
    path("roundtables/<int:session_id>.ics", calendars.session_file, name="session_file"),
    path("calendar/<str:token>.ics", calendars.feed, name="feed"),
    path("my-hub/calendar/", calendars.mine, name="calendars"),
    path("my-hub/calendar/<int:pk>/renew/", calendars.renew, name="renew_calendar"),
    path("my-hub/calendar/<int:pk>/revoke/", calendars.revoke, name="revoke_calendar"),
]

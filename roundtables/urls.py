from django.urls import path

from roundtables.views import calendars, invitations, library, loosening, seats

app_name = "roundtables"

urlpatterns = [
    path("my-hub/attribution/<int:pk>/", loosening.answer, name="loosening"),
    path("seats/<int:session_id>/take/", seats.take, name="take_seat"),
    path("seats/<int:session_id>/accept/", seats.accept, name="accept_seat"),
    path("seats/<int:session_id>/invite/", invitations.invite, name="invite"),
    path("seats/<int:session_id>/ask/", invitations.ask, name="ask"),
    path("seats/series/<int:series_id>/take/", seats.take_series, name="take_series"),
    path("seats/series/<int:series_id>/leave/", seats.leave_series, name="leave_series"),
    path("seats/answer/<str:token>/", seats.answer, name="answer"),
    path("seats/<int:session_id>/show/", seats.show, name="show_seat"),
    path("seats/<int:session_id>/give-back/", seats.give_back, name="give_back_seat"),
    path("roundtables/calendar/", library.month, name="calendar"),
    path("roundtables/by-topic/", library.by_topic, name="by_topic"),
    path("roundtables/<int:session_id>.ics", calendars.session_file, name="session_file"),
    path("calendar/<str:token>.ics", calendars.feed, name="feed"),
    path("my-hub/calendar/", calendars.mine, name="calendars"),
    path("my-hub/calendar/<int:pk>/renew/", calendars.renew, name="renew_calendar"),
    path("my-hub/calendar/<int:pk>/revoke/", calendars.revoke, name="revoke_calendar"),
]

from django.urls import path

from roundtables.views import calendars, commitments, invitations, library, loosening, seats, takeaways

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
    path("roundtables/takeaways/", takeaways.takeaway_list, name="takeaways"),
    path("roundtables/takeaways/<int:pk>/", takeaways.takeaway, name="takeaway"),
    path("roundtables/takeaways/<int:pk>/practice/", takeaways.make_practice, name="takeaway_practice"),
    path("roundtables/takeaways/<int:pk>/leave-me-out/", takeaways.leave_me_out, name="takeaway_leave_me_out"),
    path("roundtables/takeaways/<int:pk>/edit/", takeaways.edit, name="takeaway_edit"),
    path("roundtables/takeaways/<int:pk>/publish/", takeaways.publish, name="takeaway_publish"),
    path("roundtables/takeaways/<int:pk>/drop/", takeaways.drop, name="takeaway_drop"),
    path("roundtables/takeaways/<int:pk>/withdraw/", takeaways.withdraw, name="takeaway_withdraw"),
    path("roundtables/takeaways/of/<int:session_id>/", takeaways.desk, name="takeaway_desk"),
    path("roundtables/takeaways/of/<int:session_id>/send/", takeaways.send_to_check, name="takeaways_send"),
    path("roundtables/takeaways/of/<int:session_id>/check/", takeaways.check, name="check_takeaways"),
    path("roundtables/takeaways/of/<int:session_id>/try/", commitments.commit, name="commit"),
    path("roundtables/takeaways/of/<int:session_id>/go-on/", commitments.go_on, name="go_on"),
    path("roundtables/topics/<int:pk>/answer/", commitments.answer_follow_up, name="answer_follow_up"),
    path("my-hub/commitments/", commitments.mine, name="commitments"),
    path("my-hub/commitments/<int:pk>/", commitments.commitment, name="commitment"),
    path("my-hub/commitments/<int:pk>/forget/", commitments.take_back, name="commitment_take_back"),
]

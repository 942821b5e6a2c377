from django.urls import path

from meetings.views import acting, booking, calendars, learning, meetings, notes, plans, questions

app_name = "meetings"

_ACTION = "pairings/<slug:pairing_slug>/actions/<uuid:key>"
_MEETING = "pairings/<slug:pairing_slug>/meetings/<slug:meeting_slug>"

urlpatterns = [
    path("meetings/", meetings.meetings, name="meetings"),
    path("pairings/<slug:pairing_slug>/meetings/new/", booking.new, name="new"),
    path(f"{_MEETING}/", meetings.meeting, name="meeting"),
    path(f"{_MEETING}/choice/", meetings.choose, name="choose"),
    path(f"{_MEETING}/times/", booking.other_times, name="other_times"),
    path(f"{_MEETING}/move/", booking.move, name="move"),
    path(f"{_MEETING}/place/", booking.place, name="place"),
    path(f"{_MEETING}/call-off/", booking.call_off, name="call_off"),
    path(f"{_MEETING}/did-not-happen/", booking.did_not_happen, name="did_not_happen"),
    path(f"{_MEETING}/reading/", meetings.meeting_reading, name="meeting_reading"),
    path("pairings/<slug:pairing_slug>/actions/", acting.action_list, name="actions"),
    path(f"{_ACTION}/done/", acting.action_done, name="action_done"),
    path(f"{_ACTION}/open/", acting.action_open, name="action_open"),
    path(f"{_ACTION}/day/", acting.action_day, name="action_day"),
    path(f"{_ACTION}/dropped/", acting.action_dropped, name="action_dropped"),
    path(f"{_MEETING}/note/", notes.note, name="note"),
    path(f"{_MEETING}/note/agreed/", notes.note_agree, name="note_agree"),
    path(f"{_MEETING}/note/reading/", notes.note_reading, name="note_reading"),
    path(f"{_MEETING}/jotter/", notes.jotter, name="jotter"),
    path(f"{_MEETING}/learnt/", learning.learnt, name="learnt"),
    path("learning/", learning.learning, name="learning"),
    path("learning/log.csv", learning.learning_csv, name="learning_csv"),
    path("learning/log.xlsx", learning.learning_excel, name="learning_excel"),
    path("settings/calendar/", calendars.calendar, name="calendar"),
    path("calendar/<slug:secret>/<slug:slug>.ics", calendars.feed, name="feed"),
    path("pairings/<slug:pairing_slug>/meetings/<slug:meeting_slug>/invite.ics", calendars.invite, name="invite"),
    path("pairings/<slug:pairing_slug>/questions/", questions.questions, name="questions"),
    path(
        "pairings/<slug:pairing_slug>/meetings/<slug:meeting_slug>/plan/reading/",
        plans.plan_reading,
        name="plan_reading",
    ),
]

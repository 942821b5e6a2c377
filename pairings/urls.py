from django.urls import path

from pairings.photos import photo_of
from pairings.views import (
    agreement,
    attachments,
    concerns,
    ending,
    handing_over,
    looking,
    mentors,
    messages,
    offers,
    pausing,
    requests,
)

app_name = "pairings"

urlpatterns = [
    path("photos/<uuid:uuid>/", photo_of, name="photo_of"),
    path("messages/", messages.threads, name="threads"),
    path("mentors/you/", offers.offer, name="offer"),
    path("mentors/you/pause/", offers.pause, name="offer_pause"),
    path("mentors/", mentors.mentors, name="mentors"),
    path("mentors/<slug:slug>/", mentors.mentor, name="mentor"),
    path("mentors/<slug:slug>/ask/", mentors.ask, name="ask"),
    path("mentors/<slug:slug>/wish/", mentors.wish, name="wish"),
    path("requests/", requests.requests, name="requests"),
    path("requests/<slug:slug>/", requests.request_page, name="request"),
    path("requests/<slug:slug>/acceptance/", requests.acceptance, name="acceptance"),
    path("requests/<slug:slug>/refusal/", requests.refusal, name="refusal"),
    path("requests/<slug:slug>/yes/", requests.say_yes, name="say_yes"),
    path("requests/<slug:slug>/withdrawal/", requests.withdrawal, name="withdrawal"),
    path("requests/<slug:slug>/reading/", requests.reading, name="request_reading"),
    path("pairings/<slug:pairing_slug>/messages/", messages.thread, name="messages"),
    path("pairings/<slug:pairing_slug>/messages/reading/", messages.reading, name="reading"),
    path("pairings/<slug:pairing_slug>/messages/<int:number>/wording/", messages.wording, name="wording"),
    path("pairings/<slug:pairing_slug>/messages/<int:number>/earlier/", messages.earlier, name="earlier"),
    path("pairings/<slug:pairing_slug>/messages/<int:number>/files/<uuid:uuid>/", attachments.file, name="file"),
    path(
        "pairings/<slug:pairing_slug>/messages/<int:number>/files/<uuid:uuid>/thumbnail/",
        attachments.thumbnail,
        name="thumbnail",
    ),
    path(
        "pairings/<slug:pairing_slug>/messages/<int:number>/files/<uuid:uuid>/removal/",
        attachments.removal,
        name="removal",
    ),
    path("pairings/<slug:pairing_slug>/concern/", concerns.concern, name="concern"),
    path("pairings/<slug:pairing_slug>/agreement/", agreement.agreement, name="agreement"),
    path("pairings/<slug:pairing_slug>/agreement/tick/", agreement.tick, name="agreement_tick"),
    path("pairings/<slug:pairing_slug>/pause/", pausing.pause, name="pause"),
    path("pairings/<slug:pairing_slug>/hand-over/", handing_over.hand_over, name="hand_over"),
    path("pairings/<slug:pairing_slug>/hand-over/answer/", handing_over.hand_over_answer, name="hand_over_answer"),
    path("pairings/<slug:pairing_slug>/end/", ending.end, name="end"),
    path("pairings/<slug:pairing_slug>/completion/", ending.completion, name="completion"),
    path("pairings/<slug:pairing_slug>/thanks/", ending.thanks, name="thanks"),
    path("pairings/<slug:pairing_slug>/certificate/", ending.certificate, name="certificate"),
    path("pairings/<slug:pairing_slug>/looked-at/", looking.looked_at, name="looked_at"),
]

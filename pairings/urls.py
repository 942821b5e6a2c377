from django.urls import path

from pairings.photos import photo_of
from pairings.views import attachments, concerns, messages

app_name = "pairings"

urlpatterns = [
    path("photos/<uuid:uuid>/", photo_of, name="photo_of"),
    path("messages/", messages.threads, name="threads"),
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
]

from django.urls import path

from programmes.views import applications, invitations

app_name = "programmes"

urlpatterns = [
    path("invitations/<slug:secret>/", invitations.invitation, name="invitation"),
    path("join/", applications.programmes, name="programmes"),
    path("join/<slug:programme_slug>/", applications.programme, name="programme"),
    path("join/<slug:programme_slug>/ask/", applications.ask, name="ask"),
    path("join/<slug:programme_slug>/withdrawal/", applications.withdrawal, name="withdrawal"),
]

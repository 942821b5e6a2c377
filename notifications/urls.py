from django.urls import path

from notifications import again, views

app_name = "notifications"

urlpatterns = [
    path("e/<str:token>/<str:choice>/", views.choice, name="choice"),
    path("settings/emails/again/", again.let_again, name="let_again"),
]

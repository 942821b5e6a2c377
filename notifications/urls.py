from django.urls import path

from notifications import views

app_name = "notifications"

urlpatterns = [
    path("e/<str:token>/<str:choice>/", views.choice, name="choice"),
]

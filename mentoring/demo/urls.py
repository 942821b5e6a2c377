from django.urls import path

from mentoring.demo import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="demo_sign_in"),
    path("outbox/", views.outbox_page, name="demo_outbox"),
    path("outbox/send/", views.send_now, name="demo_send_now"),
    path("outbox/<str:name>/", views.message, name="demo_message"),
    path("outbox/<str:name>/body/", views.body, name="demo_message_body"),
    path("outbox/<str:name>/reply/", views.reply, name="demo_reply"),
    path("components/", views.components, name="demo_components"),
]

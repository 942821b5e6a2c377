from allauth.account import views as account
from allauth.usersessions import views as usersessions
from django.urls import path, re_path

from accounts import views

urlpatterns = [
    path("account/sign-in/", account.login, name="account_login"),
    path("account/sign-in/code/", account.request_login_code, name="account_request_login_code"),
    path("account/sign-in/code/confirm/", account.confirm_login_code, name="account_confirm_login_code"),
    path("account/sign-out/", account.logout, name="account_logout"),
    path("account/join/", account.signup, name="account_signup"),
    path("account/join/check/", account.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^account/join/confirm/(?P<key>[-:\w]+)/$", account.confirm_email, name="account_confirm_email"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/again/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/reset/", account.password_reset, name="account_reset_password"),
    path("account/password/reset/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^account/password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/reset/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("account/security/", views.security, name="security"),
    path("account/security/password/", account.password_change, name="account_change_password"),
    path("account/security/password/set/", account.password_set, name="account_set_password"),
    path("account/security/email/", account.email, name="account_email"),
    path("account/security/sign-ins/", usersessions.list_usersessions, name="usersessions_list"),
    path("settings/display/", views.display, name="display"),
    path("settings/time/", views.time, name="time"),
    path("drafts/<slug:key>/", views.draft, name="draft"),
]

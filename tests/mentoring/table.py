"""Who may do what: every route of the house, and how it answers each role.

A line is a route, a method, and answers: one for everybody; or two, for somebody anonymous and for everybody signed
in; or nine, in the order of `ROLES`. Answers are statuses; `in` sends to sign-in, `on` redirects to another page.
Every POST brings a form without sense, so that 422 (or 200 from allauth and the admin) means: let in.
"""

from tests.mentoring.table_of_models import EACH_MODEL, EXCEPTIONS, MODELS
from tests.mentoring.world import ROLES

PAGES = """
front                                GET   200 on
front                                POST  405
how_it_works                         GET   200
how_it_works                         POST  405
accessibility                        GET   200
accessibility                        POST  405
privacy                              GET   200
privacy                              POST  405
health                               GET   200
health                               POST  405
home                                 GET   in 200
home                                 POST  in 405
new                                  GET   in 200
new                                  POST  in 405
new_seen                             GET   in 405
new_seen                             POST  in on
new_kept                             GET   in 405
new_kept                             POST  in on
new_earlier                          GET   in 200
new_earlier                          POST  in 405
emails                               GET   in 200
emails                               POST  in 422
emails_pause                         GET   in 405
emails_pause                         POST  in on
mentees                              GET   in 200
mentees                              POST  in 405

                                           anonymous mentee mentor former other stranger lead helper superuser
welcome                              GET   in        200    200    200    200   200      404  404    404
welcome                              POST  in 405
welcome_you                          GET   in        200    200    200    200   200      404  404    404
welcome_you                          POST  in        422    422    422    422   422      404  404    404
welcome_role                         GET   in        404    on     on     on    404      404  404    404
welcome_role                         POST  in        404    on     on     on    404      404  404    404
welcome_places                       GET   in        404    on     on     on    404      404  404    404
welcome_places                       POST  in        404    on     on     on    404      404  404    404
welcome_hopes                        GET   in        200    404    404    404   200      404  404    404
welcome_hopes                        POST  in        422    404    404    404   422      404  404    404
welcome_check                        GET   in        on     200    200    200   on       404  404    404
welcome_check                        POST  in        on     on     on     on    on       404  404    404

account_login                        GET   200 on
account_login                        POST  200 on
account_request_login_code           GET   200 on
account_request_login_code           POST  200 on
account_confirm_login_code           GET   on
account_confirm_login_code           POST  on
account_logout                       GET   on 200
account_logout                       POST  on
account_signup                       GET   200 on
account_signup                       POST  200 on
account_email_verification_sent      GET   200
account_email_verification_sent      POST  405
account_confirm_email                GET   200
account_confirm_email                POST  on
account_inactive                     GET   200
account_inactive                     POST  405
account_reauthenticate               GET   in 200
account_reauthenticate               POST  in 200
account_reset_password               GET   200
account_reset_password               POST  200
account_reset_password_done          GET   200
account_reset_password_done          POST  405
account_reset_password_from_key      GET   on
account_reset_password_from_key      POST  on
account_reset_password_from_key_done GET   200
account_reset_password_from_key_done POST  405
security                             GET   in 200
security                             POST  in 405
account_change_password              GET   in 200
account_change_password              POST  in 200
account_set_password                 GET   in on
account_set_password                 POST  in on
account_email                        GET   in 200
account_email                        POST  in on
usersessions_list                    GET   in 200
usersessions_list                    POST  in on
display                              GET   in 200
display                              POST  in on
time                                 GET   in 200
time                                 POST  in 422
photo                                GET   in 200
photo                                POST  in 422
draft                                GET   in 405
draft                                POST  in 200

                                           anonymous mentee mentor former other stranger lead helper superuser
portfolios:mine                      GET   in        on     404    404    404   on       404  404    404
portfolios:mine                      POST  in        on     404    404    404   on       404  404    404
portfolios:portfolio                 GET   in        200    200    200    404   404      404  404    404
portfolios:portfolio                 POST  in        405    405    405    405   405      405  405    405
portfolios:new_page                  GET   in        200    404    404    404   404      404  404    404
portfolios:new_page                  POST  in        422    404    404    404   404      404  404    404
portfolios:order                     GET   in        405    405    405    405   405      405  405    405
portfolios:order                     POST  in        on     404    404    404   404      404  404    404
portfolios:place                     GET   in        405    405    405    405   405      405  405    405
portfolios:place                     POST  in        on     404    404    404   404      404  404    404
portfolios:title                     GET   in        405    405    405    405   405      405  405    405
portfolios:title                     POST  in        422    404    404    404   404      404  404    404
portfolios:away                      GET   in        405    405    405    405   405      405  405    405
portfolios:away                      POST  in        on     404    404    404   404      404  404    404
portfolios:page                      GET   in        200    200    200    404   404      404  404    404
portfolios:page                      POST  in        405    405    405    405   405      405  405    405
portfolios:changes                   GET   in        200    200    200    404   404      404  404    404
portfolios:changes                   POST  in        405    405    405    405   405      405  405    405
portfolios:edit                      GET   in        200    404    404    404   404      404  404    404
portfolios:edit                      POST  in        422    404    404    404   404      404  404    404
portfolios:draft                     GET   in        405    405    405    405   405      405  405    405
portfolios:draft                     POST  in        422    404    404    404   404      404  404    404
portfolios:share                     GET   in        200    404    404    404   404      404  404    404
portfolios:share                     POST  in        on     404    404    404   404      404  404    404
portfolios:reading                   GET   in        405    405    405    405   405      405  405    405
portfolios:reading                   POST  in        on     on     on     404   404      404  404    404
portfolios:comments                  GET   in        200    200    404    404   404      404  404    404
portfolios:comments                  POST  in        422    422    404    404   404      404  404    404
portfolios:replies                   GET   in        200    200    404    404   404      404  404    404
portfolios:replies                   POST  in        422    422    404    404   404      404  404    404
portfolios:versions                  GET   in        200    200    200    404   404      404  404    404
portfolios:versions                  POST  in        405    405    405    405   405      405  405    405
portfolios:version                   GET   in        200    200    200    404   404      404  404    404
portfolios:version                   POST  in        405    405    405    405   405      405  405    405
portfolios:wording                   GET   in        404    200    404    404   404      404  404    404
portfolios:wording                   POST  in        404    422    404    404   404      404  404    404
portfolios:earlier                   GET   in        200    200    404    404   404      404  404    404
portfolios:earlier                   POST  in        405    405    405    405   405      405  405    405
portfolios:decision                  GET   in        405    405    405    405   405      405  405    405
portfolios:decision                  POST  in        on     404    404    404   404      404  404    404
portfolios:settlement                GET   in        405    405    405    405   405      405  405    405
portfolios:settlement                POST  in        on     on     404    404   404      404  404    404

pairings:photo_of                    GET   in        200    200    200    404   404      200  200    200
pairings:photo_of                    POST  in        405    405    405    405   405      405  405    405
pairings:threads                     GET   in        200    on     on     on    on       200  200    200
pairings:threads                     POST  in        405    405    405    405   405      405  405    405
pairings:offer                       GET   in        404    200    200    200   404      404  404    404
pairings:offer                       POST  in        404    422    422    422   404      404  404    404
pairings:offer_pause                 GET   in 405
pairings:offer_pause                 POST  in        404    on     on     on    404      404  404    404
pairings:messages                    GET   in        200    200    404    404   404      404  404    404
pairings:messages                    POST  in        422    422    404    404   404      404  404    404
pairings:reading                     GET   in        405    405    405    405   405      405  405    405
pairings:reading                     POST  in        on     on     404    404   404      404  404    404
pairings:wording                     GET   in        404    200    404    404   404      404  404    404
pairings:wording                     POST  in        404    422    404    404   404      404  404    404
pairings:earlier                     GET   in        200    200    404    404   404      404  404    404
pairings:earlier                     POST  in        405    405    405    405   405      405  405    405
pairings:file                        GET   in        200    200    404    404   404      404  404    404
pairings:file                        POST  in        405    405    405    405   405      405  405    405
pairings:thumbnail                   GET   in        200    200    404    404   404      404  404    404
pairings:thumbnail                   POST  in        405    405    405    405   405      405  405    405
pairings:removal                     GET   in        404    200    404    404   404      404  404    404
pairings:removal                     POST  in        404    on     404    404   404      404  404    404
pairings:mentors                     GET   in        200    200    200    200   200      404  404    404
pairings:mentors                     POST  in 405
pairings:mentor                      GET   in        200    200    404    404   404      404  404    404
pairings:mentor                      POST  in 405
pairings:ask                         GET   in        200    404    404    404   404      404  404    404
pairings:ask                         POST  in        422    404    404    404   404      404  404    404
pairings:wish                        GET   in 405
pairings:wish                        POST  in        on     404    404    404   404      404  404    404
pairings:requests                    GET   in 200
pairings:requests                    POST  in 405
pairings:request                     GET   in        200    200    404    404   404      404  404    404
pairings:request                     POST  in 405
pairings:acceptance                  GET   in 405
pairings:acceptance                  POST  in        on     on     404    404   404      404  404    404
pairings:refusal                     GET   in        404    200    404    404   404      404  404    404
pairings:refusal                     POST  in        404    on     404    404   404      404  404    404
pairings:say_yes                     GET   in 405
pairings:say_yes                     POST  in        on     on     404    404   404      404  404    404
pairings:withdrawal                  GET   in        200    404    404    404   404      404  404    404
pairings:withdrawal                  POST  in        on     404    404    404   404      404  404    404
pairings:request_reading             GET   in 405
pairings:request_reading             POST  in        on     on     404    404   404      404  404    404
pairing                              GET   in        200    200    404    404   404      404  404    404
pairing                              POST  in        405    405    405    405   405      405  405    405
pairings:concern                     GET   in        200    200    404    404   404      404  404    404
pairings:concern                     POST  in        422    422    404    404   404      404  404    404
pairings:agreement                   GET   in        200    200    404    404   404      404  404    404
pairings:agreement                   POST  in        422    422    404    404   404      404  404    404
pairings:agreement_tick              GET   in        405    405    405    405   405      405  405    405
pairings:agreement_tick              POST  in        on     on     404    404   404      404  404    404
pairings:pause                       GET   in        200    200    404    404   404      404  404    404
pairings:pause                       POST  in        422    422    404    404   404      404  404    404
pairings:hand_over                   GET   in        200    200    404    404   404      404  404    404
pairings:hand_over                   POST  in        422    422    404    404   404      404  404    404
pairings:hand_over_answer            GET   in        405    405    405    405   405      405  405    405
pairings:hand_over_answer            POST  in        404    404    404    404   404      404  404    404
pairings:end                         GET   in        200    200    404    404   404      404  404    404
pairings:end                         POST  in        422    422    404    404   404      404  404    404
pairings:completion                  GET   in        200    200    404    404   404      404  404    404
pairings:completion                  POST  in        200    200    404    404   404      404  404    404
pairings:thanks                      GET   in        on     on     404    404   404      404  404    404
pairings:thanks                      POST  in        on     on     404    404   404      404  404    404
pairings:certificate                 GET   in        404    404    404    404   404      404  404    404
pairings:certificate                 POST  in        405    405    405    405   405      405  405    405
pairings:looked_at                   GET   in        405    405    405    405   405      405  405    405
pairings:looked_at                   POST  in        on     on     404    404   404      404  404    404

meetings:calendar                    GET   in 200
meetings:calendar                    POST  in on
meetings:learning                    GET   in 200
meetings:learning                    POST  in 405
meetings:learning_csv                GET   in 200
meetings:learning_csv                POST  in 405
meetings:learning_excel              GET   in 200
meetings:learning_excel              POST  in 405
meetings:feed                        GET   200
meetings:feed                        POST  405

                                           anonymous mentee mentor former other stranger lead helper superuser
meetings:meetings                    GET   in 200
meetings:meetings                    POST  in 405
meetings:new                         GET   in        200    200    404    404   404      404  404    404
meetings:new                         POST  in        422    422    404    404   404      404  404    404
meetings:meeting                     GET   in        200    200    404    404   404      404  404    404
meetings:meeting                     POST  in        405    405    405    405   405      405  405    405
meetings:choose                      GET   in        405    405    405    405   405      405  405    405
meetings:choose                      POST  in        on     on     404    404   404      404  404    404
meetings:other_times                 GET   in        200    200    404    404   404      404  404    404
meetings:other_times                 POST  in        422    422    404    404   404      404  404    404
meetings:move                        GET   in        200    200    404    404   404      404  404    404
meetings:move                        POST  in        422    422    404    404   404      404  404    404
meetings:place                       GET   in        200    200    404    404   404      404  404    404
meetings:place                       POST  in        422    422    404    404   404      404  404    404
meetings:call_off                    GET   in        200    200    404    404   404      404  404    404
meetings:call_off                    POST  in        on     on     404    404   404      404  404    404
meetings:did_not_happen              GET   in        405    405    405    405   405      405  405    405
meetings:did_not_happen              POST  in        on     on     404    404   404      404  404    404
meetings:meeting_reading             GET   in        405    405    405    405   405      405  405    405
meetings:meeting_reading             POST  in        on     on     404    404   404      404  404    404
meetings:questions                   GET   in        200    200    404    404   404      404  404    404
meetings:questions                   POST  in        404    422    404    404   404      404  404    404
meetings:plan                        GET   in        200    200    404    404   404      404  404    404
meetings:plan                        POST  in        422    404    404    404   404      404  404    404
meetings:plan_reading                GET   in        405    405    405    405   405      405  405    405
meetings:plan_reading                POST  in        404    on     404    404   404      404  404    404
confidence                           GET   in        200    200    404    404   404      404  404    404
confidence                           POST  in        405    405    405    405   405      405  405    405
prepare                              GET   in        404    200    404    404   404      404  404    404
prepare                              POST  in        405    405    405    405   405      405  405    405
meetings:note                        GET   in        200    200    404    404   404      404  404    404
meetings:note                        POST  in        422    422    404    404   404      404  404    404
meetings:note_agree                  GET   in        405    405    405    405   405      405  405    405
meetings:note_agree                  POST  in        on     on     404    404   404      404  404    404
meetings:learnt                      GET   in        200    200    404    404   404      404  404    404
meetings:learnt                      POST  in        422    422    404    404   404      404  404    404
meetings:note_reading                GET   in        405    405    405    405   405      405  405    405
meetings:note_reading                POST  in        on     on     404    404   404      404  404    404
meetings:jotter                      GET   in        200    200    404    404   404      404  404    404
meetings:jotter                      POST  in        422    422    404    404   404      404  404    404
meetings:actions                     GET   in        200    200    404    404   404      404  404    404
meetings:actions                     POST  in        422    422    404    404   404      404  404    404
meetings:action_done                 GET   in        405    405    405    405   405      405  405    405
meetings:action_done                 POST  in        on     on     404    404   404      404  404    404
meetings:action_open                 GET   in        405    405    405    405   405      405  405    405
meetings:action_open                 POST  in        on     on     404    404   404      404  404    404
meetings:action_day                  GET   in        200    200    404    404   404      404  404    404
meetings:action_day                  POST  in        422    422    404    404   404      404  404    404
meetings:action_dropped              GET   in        200    200    404    404   404      404  404    404
meetings:action_dropped              POST  in        on     on     404    404   404      404  404    404
meetings:invite                      GET   in        200    200    404    404   404      404  404    404
meetings:invite                      POST  in        405    405    405    405   405      405  405    405

                                           anonymous mentee mentor former other stranger lead helper superuser
programmes:invitation                GET   200
programmes:invitation                POST  422 on
programmes:programmes                GET   200
programmes:programmes                POST  405
programmes:programme                 GET   200
programmes:programme                 POST  405
programmes:ask                       GET   in        200    200    200    on    200      200  200    200
programmes:ask                       POST  in        422    422    422    422   422      422  422    422
programmes:withdrawal                GET   in 405
programmes:withdrawal                POST  in        404    404    404    on    404      404  404    404

notifications:choice                 GET   200
notifications:choice                 POST  200
notifications:let_again              GET   in 405
notifications:let_again              POST  in on

demo_sign_in                         GET   405
demo_sign_in                         POST  404
demo_outbox                          GET   200
demo_outbox                          POST  405
demo_send_now                        GET   405
demo_send_now                        POST  on
demo_message                         GET   200
demo_message                         POST  405
demo_message_body                    GET   200
demo_message_body                    POST  405
demo_reply                           GET   405
demo_reply                           POST  404
demo_components                      GET   200
demo_components                      POST  405

                                           anonymous mentee mentor former other stranger lead helper superuser
admin:index                          GET   in        404    404    404    404   404      200  200    200
admin:index                          POST  in        404    404    404    404   404      200  200    200
admin:login                          GET   in        404    404    404    404   404      on   on     on
admin:login                          POST  in        404    404    404    404   404      on   on     on
admin:logout                         GET   in        404    404    404    404   404      405  405    405
admin:logout                         POST  in        404    404    404    404   404      on   on     on
admin:autocomplete                   GET   in        404    404    404    404   404      200  200    200
admin:autocomplete                   POST  in        404    404    404    404   404      405  405    405
admin:jsi18n                         GET   in        404    404    404    404   404      200  200    200
admin:jsi18n                         POST  in        404    404    404    404   404      405  405    405
admin:app_list                       GET   in        404    404    404    404   404      200  200    200
admin:app_list                       POST  in        404    404    404    404   404      200  200    200
admin:email_health                   GET   in        404    404    404    404   404      200  200    200
admin:email_health                   POST  in        404    404    404    404   404      405  405    405
admin:board                          GET   in        404    404    404    404   404      200  200    200
admin:board                          POST  in        404    404    404    404   404      405  405    405
admin:board_mentors                  GET   in        404    404    404    404   404      200  403    200
admin:board_mentors                  POST  in        404    404    404    404   404      200  403    200
admin:board_reminder                 GET   in        404    404    404    404   404      405  405    405
admin:board_reminder                 POST  in        404    404    404    404   404      on   403    on
admin:board_note                     GET   in        404    404    404    404   404      200  403    200
admin:board_note                     POST  in        404    404    404    404   404      422  403    422
admin:programme_health               GET   in        404    404    404    404   404      200  200    200
admin:programme_health               POST  in        404    404    404    404   404      405  405    405
admin:plan_questions                 GET   in        404    404    404    404   404      200  200    200
admin:plan_questions                 POST  in        404    404    404    404   404      422  403    422
admin:board_another_mentor           GET   in        404    404    404    404   404      200  403    200
admin:board_another_mentor           POST  in        404    404    404    404   404      422  403    422
admin:board_end                      GET   in        404    404    404    404   404      200  403    200
admin:board_end                      POST  in        404    404    404    404   404      422  403    422
admin:matching                       GET   in        404    404    404    404   404      200  200    200
admin:matching                       POST  in        404    404    404    404   404      422  403    422
admin:match_run                      GET   in        404    404    404    404   404      200  200    200
admin:match_run                      POST  in        404    404    404    404   404      405  405    405
admin:match_stop                     GET   in        404    404    404    404   404      405  403    405
admin:match_stop                     POST  in        404    404    404    404   404      on   403    on
admin:match_propose                  GET   in        404    404    404    404   404      405  403    405
admin:match_propose                  POST  in        404    404    404    404   404      404  403    404
admin:match_skip                     GET   in        404    404    404    404   404      405  403    405
admin:match_skip                     POST  in        404    404    404    404   404      404  403    404
admin:match_choose                   GET   in        404    404    404    404   404      405  403    405
admin:match_choose                   POST  in        404    404    404    404   404      404  403    404
admin:match_again                    GET   in        404    404    404    404   404      405  403    405
admin:match_again                    POST  in        404    404    404    404   404      on   403    on
admin:match_all                      GET   in        404    404    404    404   404      200  403    200
admin:match_all                      POST  in        404    404    404    404   404      on   403    on
admin:imports                        GET   in        404    404    404    404   404      200  403    200
admin:imports                        POST  in        404    404    404    404   404      422  403    422
admin:import_example                 GET   in        404    404    404    404   404      200  403    200
admin:import_example                 POST  in        404    404    404    404   404      405  403    405
admin:import                         GET   in        404    404    404    404   404      200  403    200
admin:import                         POST  in        404    404    404    404   404      405  403    405
admin:import_problems                GET   in        404    404    404    404   404      200  403    200
admin:import_problems                POST  in        404    404    404    404   404      405  403    405
admin:import_start                   GET   in        404    404    404    404   404      405  403    405
admin:import_start                   POST  in        404    404    404    404   404      on   403    on
admin:import_check                   GET   in        404    404    404    404   404      405  403    405
admin:import_check                   POST  in        404    404    404    404   404      on   403    on
admin:import_stop                    GET   in        404    404    404    404   404      405  403    405
admin:import_stop                    POST  in        404    404    404    404   404      on   403    on
admin:import_undo                    GET   in        404    404    404    404   404      405  403    405
admin:import_undo                    POST  in        404    404    404    404   404      on   403    on
admin:exports                        GET   in        404    404    404    404   404      200  403    200
admin:exports                        POST  in        404    404    404    404   404      422  403    422
admin:export                         GET   in        404    404    404    404   404      200  403    200
admin:export                         POST  in        404    404    404    404   404      405  403    405
admin:export_file                    GET   in        404    404    404    404   404      200  403    200
admin:export_file                    POST  in        404    404    404    404   404      405  403    405
admin:export_stop                    GET   in        404    404    404    404   404      405  403    405
admin:export_stop                    POST  in        404    404    404    404   404      on   403    on
admin/(?P<url>.*)$                   GET   in        404    404    404    404   404      404  404    404
admin/(?P<url>.*)$                   POST  in        404    404    404    404   404      404  404    404
"""

# The pages that open without signing in, all of them.
PUBLIC = {
    "front",
    "how_it_works",
    "accessibility",
    "privacy",
    "health",
    "account_login",
    "account_request_login_code",
    "account_confirm_login_code",
    "account_logout",
    "account_signup",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "meetings:feed",
    "notifications:choice",
    "programmes:invitation",
    "programmes:programme",
    "programmes:programmes",
    "demo_sign_in",
    "demo_outbox",
    "demo_send_now",
    "demo_message",
    "demo_message_body",
    "demo_reply",
    "demo_components",
}


def answers():
    """{(route, method): {role: answer}} of all the lines above."""
    of_models = "".join(EACH_MODEL.format(model=model, path=model.replace("_", "/")) for model in MODELS)
    found = {}
    for line in (PAGES + of_models + EXCEPTIONS).splitlines():
        route, *rest = line.split() or [""]
        if rest and rest[0] in ("GET", "POST"):
            found[route, rest[0]] = _by_role(rest[1:])
    return found


def _by_role(cells):
    if len(cells) < len(ROLES):
        cells = [cells[0], *cells[-1:] * (len(ROLES) - 1)]
    return dict(zip(ROLES, cells, strict=True))

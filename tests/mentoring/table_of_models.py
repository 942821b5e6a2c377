"""The pages of each model in the admin, and how they answer each role: lines as in table.py."""

MODELS = (
    "accounts_user",
    "notifications_email",
    "pairings_concern",
    "pairings_endreason",
    "pairings_mentoroffer",
    "pairings_mentorrequest",
    "pairings_pairing",
    "programmes_act",
    "programmes_agreementquestion",
    "programmes_application",
    "programmes_completionquestion",
    "programmes_criterion",
    "programmes_enrolment",
    "programmes_invitation",
    "programmes_level",
    "programmes_programme",
    "programmes_wording",
)

# The pages of each model in the admin. Nobody deletes; helpers look.
EACH_MODEL = """
                                           anonymous mentee mentor former other stranger lead helper superuser
admin:{model}_changelist             GET   in        404    404    404    404   404      200  200    200
admin:{model}_changelist             POST  in        404    404    404    404   404      200  200    200
admin:{model}_add                    GET   in        404    404    404    404   404      200  403    200
admin:{model}_add                    POST  in        404    404    404    404   404      200  403    200
admin:{model}_history                GET   in        404    404    404    404   404      200  200    200
admin:{model}_delete                 GET   in        404    404    404    404   404      403  403    403
admin:{model}_delete                 POST  in        404    404    404    404   404      403  403    403
admin:{model}_change                 GET   in        404    404    404    404   404      200  200    200
admin:{model}_change                 POST  in        404    404    404    404   404      200  403    200
admin/{path}/<path:object_id>/       GET   in        404    404    404    404   404      on   on     on
"""

EXCEPTIONS = """
admin:notifications_email_add        GET   in        404    404    404    404   404      403  403    403
admin:notifications_email_add        POST  in        404    404    404    404   404      403  403    403
admin:notifications_email_change     POST  in        404    404    404    404   404      403  403    403
admin:pairings_concern_changelist    GET   in        404    404    404    404   404      200  403    200
admin:pairings_concern_changelist    POST  in        404    404    404    404   404      200  403    200
admin:pairings_concern_add           GET   in        404    404    404    404   404      403  403    403
admin:pairings_concern_add           POST  in        404    404    404    404   404      403  403    403
admin:pairings_concern_history       GET   in        404    404    404    404   404      200  403    on
admin:pairings_concern_change        GET   in        404    404    404    404   404      200  403    on
admin:pairings_concern_change        POST  in        404    404    404    404   404      on   403    on
admin:pairings_endreason_changelist  GET   in        404    404    404    404   404      200  403    200
admin:pairings_endreason_changelist  POST  in        404    404    404    404   404      200  403    200
admin:pairings_endreason_add         GET   in        404    404    404    404   404      403  403    403
admin:pairings_endreason_add         POST  in        404    404    404    404   404      403  403    403
admin:pairings_endreason_history     GET   in        404    404    404    404   404      200  403    200
admin:pairings_endreason_change      GET   in        404    404    404    404   404      200  403    200
admin:pairings_endreason_change      POST  in        404    404    404    404   404      403  403    403
admin:pairings_mentorrequest_add     GET   in        404    404    404    404   404      403  403    403
admin:pairings_mentorrequest_add     POST  in        404    404    404    404   404      403  403    403
admin:pairings_mentorrequest_change  POST  in        404    404    404    404   404      403  403    403
admin:pairings_pairing_change        POST  in        404    404    404    404   404      on   403    on
admin:programmes_act_add             GET   in        404    404    404    404   404      403  403    403
admin:programmes_act_add             POST  in        404    404    404    404   404      403  403    403
admin:programmes_act_change          POST  in        404    404    404    404   404      403  403    403
admin:programmes_application_add     GET   in        404    404    404    404   404      403  403    403
admin:programmes_application_add     POST  in        404    404    404    404   404      403  403    403
admin:programmes_invitation_change   POST  in        404    404    404    404   404      on   403    on
admin:programmes_enrolment_change    POST  in        404    404    404    404   404      on   403    on
admin:programmes_programme_add       GET   in        404    404    404    404   404      403  403    200
admin:programmes_programme_add       POST  in        404    404    404    404   404      403  403    200
"""

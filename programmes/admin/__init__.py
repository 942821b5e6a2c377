"""What a programme team sees and keeps: one module a noun."""

from programmes.admin import applications, emails, enrolments, invitations, log, people, programmes, questions

__all__ = ["applications", "emails", "enrolments", "invitations", "log", "people", "programmes", "questions"]

"""What changes who takes part in a programme: one function a verb."""

from programmes.actions.applications import apply, approve, decline, withdraw_application
from programmes.actions.enrolling import enrol
from programmes.actions.invitations import accept_invitation, invite, nudge_invitations, withdraw_invitation
from programmes.actions.parts import describe_part, finish_welcome

__all__ = [
    "accept_invitation",
    "apply",
    "approve",
    "decline",
    "describe_part",
    "enrol",
    "finish_welcome",
    "invite",
    "nudge_invitations",
    "withdraw_application",
    "withdraw_invitation",
]

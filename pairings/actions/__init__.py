"""What changes a pairing. The admin, views, imports, replies by email and the demo all call these."""

from pairings.actions.concerns import handle_concern, raise_concern
from pairings.actions.messages import edit_message, mark_messages_read, remove_file, send_message
from pairings.actions.pairing import NOW, begin_pairing, move_pairing, note_activity

__all__ = [
    "NOW",
    "begin_pairing",
    "edit_message",
    "handle_concern",
    "mark_messages_read",
    "move_pairing",
    "note_activity",
    "raise_concern",
    "remove_file",
    "send_message",
]

"""What the two of a pairing write to each other."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from files.actions import remove
from notifications.actions import mark_seen, notify
from notifications.models import Event
from pairings import notices
from pairings.actions.pairing import know_that_it_began, lock, note_activity
from pairings.models import Message, MessageFile, MessageWording, MoveRefused


@transaction.atomic
def send_message(pairing, *, by, body, files=(), read=None, at=None):
    """Write to the other of the pair; returns the Message.

    `files`: what comes with it, StoredFiles of the writer's. `read`: the numbers of the first and the last message
    that the writer was shown. Raises MoveRefused when the pairing has ended, for anybody else than the two, and for too
    many files.
    """
    pairing = lock(pairing)
    _check_may_write(pairing, by)
    if len(files) > MessageFile.MOST:
        raise MoveRefused(_("At most %(count)d files go with one message.") % {"count": MessageFile.MOST})
    at = at or timezone.now()
    last = pairing.messages.order_by("-number").values_list("number", flat=True).first() or 0
    message = Message.objects.create(pairing=pairing, number=last + 1, author=by, body=body, sent_at=at)
    MessageFile.objects.bulk_create(MessageFile(message=message, file=file) for file in files)
    note_activity(pairing, at=at)
    know_that_it_began(pairing, by)
    if read:
        since, until = read
        mark_messages_read(pairing, by=by, since=since, until=until)
    notify(
        notices.MESSAGE,
        about=message,
        to=[pairing.other_than(by)],
        by=by,
        thread=notices.thread_of(pairing.pk),
        bundle=pairing.bundle,
        at=at,
    )
    return message


@transaction.atomic
def edit_message(message, *, by, body, changes=None, at=None):
    """Put one's own message in other words. How it read before is kept beside it; nobody is told anew, and an email
    that is still to be sent says the new words.

    `changes`: how often it had been changed when its author looked at it. Raises MoveRefused when it was changed since,
    and when the pairing has ended.
    """
    pairing = lock(message.pairing)
    message = pairing.messages.select_for_update(no_key=True).get(pk=message.pk)
    _check_may_write(pairing, by)
    if not message.is_editable_by(by):
        raise MoveRefused(_("Only its author can change a message."))
    if message.body == body:
        return message
    if changes not in (None, message.earlier_wordings.count()):
        raise MoveRefused(
            _("You changed it in another window meanwhile. Save again to put yours instead. There it says: “%(words)s”")
            % {"words": message.body}
        )
    MessageWording.objects.create(message=message, body=message.body, written_at=message.edited_at or message.sent_at)
    message.body, message.edited_at = body, at or timezone.now()
    message.save(update_fields=["body", "edited_at"])
    return message


@transaction.atomic
def remove_file(attached, *, by, at=None):
    """Take away a file (a MessageFile) that came with one's own message, for good. Both see that there was one; nobody
    is told. Raises MoveRefused when it came with a message of somebody else's, and when the pairing has ended."""
    pairing = lock(attached.message.pairing)
    attached = MessageFile.objects.select_related("file").select_for_update(of=("self",)).get(pk=attached.pk)
    message = pairing.messages.get(pk=attached.message_id)
    _check_may_write(pairing, by)
    if not message.is_editable_by(by):
        raise MoveRefused(_("Only its author can change a message."))
    if stored := attached.file:
        attached.file, attached.removed_at = None, at or timezone.now()
        attached.save(update_fields=["file", "removed_at"])
        remove(stored, by=by)


@transaction.atomic
def mark_messages_read(pairing, *, by, until, since=1):
    """The person was shown the messages from the number `since` to the number `until`. One that arrives meanwhile has
    a higher number and stays new, as does one with a lower number, on an earlier page."""
    shown = pairing.messages.filter(number__range=(since, until)).order_by()
    mark_seen(by, Event.objects.filter(kind=notices.MESSAGE.kind, about_id__in=shown.values("pk")))


def _check_may_write(pairing, by):
    if by not in (pairing.mentee, pairing.mentor):
        raise MoveRefused(_("Only the two of a pairing write to each other here."))
    if not pairing.is_live:
        raise MoveRefused(_("Your time together has ended, so nothing was sent or changed."))

"""The words with which a programme speaks: its own where it has written some, else ours."""

from django.utils.translation import gettext as _

from programmes.models import Wording


def words_of(programme, kind) -> str:
    """What the programme says there: plain text. `kind` is one of `Wording.Kind`."""
    own = Wording.objects.filter(programme=programme, kind=kind).values_list("words", flat=True).first()
    return own or our_words(kind)


def our_words(kind) -> str:
    """What we say there for every programme that wrote nothing of its own, in the language that is spoken now."""
    return {
        Wording.Kind.INVITATION: _(
            "We would be glad to have you with us. Joining takes a few minutes. You can stop whenever you like, and "
            "we keep your place."
        ),
        Wording.Kind.NOT_THIS_TIME: _(
            "Thank you for asking me. I can’t take this on just now, and that has nothing to do with you or your "
            "plans. I hope you find somebody soon."
        ),
        Wording.Kind.KIND_NOTE: _(
            "It has been a while since you two met. That happens to most pairs. Would a short talk help? If now is "
            "not the time, pausing is fine: we stop all reminders until the date you choose. And if something is in "
            "the way, write to us."
        ),
        Wording.Kind.ENDING: _(
            "Thank you for the time you gave each other. Your messages, and what was shared until the end, can still "
            "be read by you both."
        ),
    }[Wording.Kind(kind)]

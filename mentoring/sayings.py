"""How a timeline speaks of what happened. Pure: `actor` is the first name of who did it, None for the reader."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def shared(actor, title, *, changes, times) -> str:
    """`changes` since the version before, None for the first; `times`: how often on that day."""
    text = _by(actor, _("You shared “%(title)s”"), _("%(name)s shared “%(title)s”")) % {"name": actor, "title": title}
    if times > 1:
        more = ngettext("%(count)d version", "%(count)d versions", times) % {"count": times}
    elif changes:
        more = ngettext("%(count)d change", "%(count)d changes", changes) % {"count": changes}
    else:
        return text
    return _("%(what)s, %(more)s") % {"what": text, "more": more}


def commented(actor, comment, *, to_me) -> str:
    """One comment; `to_me`: a reply to the reader's."""
    words = {"name": actor, "title": comment.title}
    if comment.parent_id and to_me and actor:
        return _("%(name)s replied to your comment") % words
    if comment.parent_id:
        return _by(actor, _("You replied on “%(title)s”"), _("%(name)s replied on “%(title)s”")) % words
    if comment.wording:
        mine, theirs = (
            _("You suggested other wording on “%(title)s”"),
            _("%(name)s suggested other wording on “%(title)s”"),
        )
        return _by(actor, mine, theirs) % words
    mine, theirs = {
        "question": (_("You asked a question on “%(title)s”"), _("%(name)s asked a question on “%(title)s”")),
        "idea": (_("You had an idea for “%(title)s”"), _("%(name)s had an idea for “%(title)s”")),
        "well done": (_("You said well done for “%(title)s”"), _("%(name)s said well done for “%(title)s”")),
    }.get(comment.kind, (_("You commented on “%(title)s”"), _("%(name)s commented on “%(title)s”")))
    return _by(actor, mine, theirs) % words


def commented_often(actor, count, titles) -> str:
    """Several comments of one day, on pages with these titles."""
    words = {"name": actor, "count": count, "title": titles[0], "pages": len(titles)}
    if len(titles) == 1:
        mine, theirs = (
            _("You made %(count)d comments on “%(title)s”"),
            _("%(name)s made %(count)d comments on “%(title)s”"),
        )
    else:
        mine, theirs = _("You commented on %(pages)d pages"), _("%(name)s commented on %(pages)d pages")
    return _by(actor, mine, theirs) % words


def wrote(actor, *, has_words) -> str:
    if has_words:
        return _by(actor, _("You wrote"), _("%(name)s wrote")) % {"name": actor}
    return _by(actor, _("You sent a file"), _("%(name)s sent a file")) % {"name": actor}


def wrote_often(actor, count) -> str:
    """Several messages of one day."""
    words = {"name": actor, "count": count}
    return _by(actor, _("You wrote %(count)d messages"), _("%(name)s wrote %(count)d messages")) % words


def wrote_to_each_other(other, count) -> str:
    return _("You and %(name)s wrote %(count)d messages") % {"name": other, "count": count}


def of_meeting(what, actor, day, *, minutes, didnt_happen) -> str:
    """What happened of the meeting of that day (“5 November”). `didnt_happen`: it was called off afterwards."""
    words = {"name": actor, "day": day, "minutes": minutes}
    if what == "held":
        return _("Meeting, %(minutes)d min") % words
    if what == "called-off" and didnt_happen:
        return _("You didn’t meet on %(day)s after all") % words
    mine, theirs = {
        "booked": (_("You booked a meeting for %(day)s"), _("%(name)s booked a meeting for %(day)s")),
        "moved": (_("You moved the meeting, now on %(day)s"), _("%(name)s moved the meeting, now on %(day)s")),
        "called-off": (_("You called off the meeting of %(day)s"), _("%(name)s called off the meeting of %(day)s")),
        "planned": (_("You shared your plan for %(day)s"), _("%(name)s shared a plan for %(day)s")),
        "written": (_("You sent the note of %(day)s"), _("%(name)s sent the note of %(day)s")),
        "note-agreed": (_("You agreed the note of %(day)s"), _("%(name)s agreed the note of %(day)s")),
    }[what]
    return _by(actor, mine, theirs) % words


def aged(day) -> str:
    return _("The note of %(day)s is agreed as it was written") % {"day": day}


def did(actor, words) -> str:
    return _by(actor, _("You did “%(words)s”"), _("%(name)s did “%(words)s”")) % {"name": actor, "words": words}


def noted(name) -> str:
    return _("%(name)s, of your programme team, wrote to you both") % {"name": name}


def began(pairing, reader, before) -> str:
    """`before`: the first name of the mentor from whom this one carries on, None for none."""
    if not before:
        return _("You became a pairing")
    words = {"old": before, "new": pairing.mentor.first_name}
    if reader.pk == pairing.mentor_id:
        return _("You carried on from %(old)s as mentor") % words
    return _("%(new)s carried on from %(old)s as your mentor") % words


def simply(what, actor, *, is_first, new) -> tuple[str, str]:
    """Of things that need no more to be told: the words, and the page of the pairing that shows it ("" for none).
    `is_first`: the first agreement; `new`: the mentor who is to carry on."""
    mine, theirs, page = _things(is_first)[what]
    return _by(actor, mine, theirs) % {"name": actor, "new": new}, page


def _things(is_first):
    wrote_down = (_("You wrote down how you could work together"), _("%(name)s wrote down how you could work together"))
    changed = (_("You changed how you work together"), _("%(name)s changed how you work together"))
    kept = _("You looked again at how you work together"), _("%(name)s looked again at how you work together")
    agreed, ended = _("You both agreed how you work together"), _("Your time together ended")
    carries_on = _("%(new)s carries on as mentor")
    asked = (
        _("You suggested that %(new)s carries on as mentor"),
        _("%(name)s suggested that %(new)s carries on as mentor"),
    )
    form = _("You filled in the completion form"), _("%(name)s filled in the completion form")
    return {
        "proposed": (*(wrote_down if is_first else changed), "agreement"),
        "agreed": (agreed, agreed, "agreement"),
        "kept": (*kept, "agreement"),
        "paused": (_("You paused"), _("%(name)s paused"), "pause"),
        "resumed": (_("You went on after the pause"), _("%(name)s went on after the pause"), ""),
        "hand-over": (*asked, "hand_over"),
        "handed-over": (carries_on, carries_on, ""),
        "form": (*form, "completion"),
        "thanked": (_("You said thank you"), _("%(name)s said thank you"), "thanks"),
        "ended": (ended, ended, ""),
    }


def _by(actor, mine, theirs):
    return mine if actor is None else theirs

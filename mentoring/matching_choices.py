"""What somebody has chosen to hold when they match a cohort again: kept in their session until they do."""

from dataclasses import dataclass, field

_KEY = "matching"


@dataclass
class Choices:
    """`pinned` and `forbidden`: [mentee's enrolment, offer] keys."""

    pinned: list = field(default_factory=list)
    forbidden: list = field(default_factory=list)

    def pin(self, mentee: int, offer: int) -> None:
        """These two together; a mentee has one pin."""
        self.free(mentee, offer)
        self.pinned = [pair for pair in self.pinned if pair[0] != mentee] + [[mentee, offer]]

    def forbid(self, mentee: int, offer: int) -> None:
        self.free(mentee, offer)
        self.forbidden.append([mentee, offer])

    def free(self, mentee: int, offer: int) -> None:
        """Whatever was chosen about these two."""
        self.pinned = [pair for pair in self.pinned if pair != [mentee, offer]]
        self.forbidden = [pair for pair in self.forbidden if pair != [mentee, offer]]

    def about(self, mentee: int, offer: int) -> str:
        """ "pin", "never" or "" for nothing."""
        if [mentee, offer] in self.pinned:
            return "pin"
        return "never" if [mentee, offer] in self.forbidden else ""


def choices_for(session, run) -> Choices:
    """What was chosen while looking at this run; to begin with, what held for it."""
    kept = session.get(_KEY)
    if kept and kept["run"] == run.pk:
        return Choices(kept["pinned"], kept["forbidden"])
    return Choices(list(run.pinned), list(run.forbidden))


def keep(session, run, choices: Choices) -> None:
    session[_KEY] = {"run": run.pk, "pinned": choices.pinned, "forbidden": choices.forbidden}


def let_go(session) -> None:
    session.pop(_KEY, None)

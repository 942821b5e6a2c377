"""The people a visitor of the demo may sign in as, and what each of them finds."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Account:
    """`key` names the person in the story and before the @; `role` colours their initials."""

    key: str
    name: str
    what: str
    role: str = "mentee"

    @property
    def initials(self):
        return "".join(word[0] for word in self.name.split())


ACCOUNTS = [
    Account("amina", "Amina Okafor", _("Mentee, in her second year: seven pages, and a question to answer")),
    Account("ruth", "Ruth Lindqvist", _("Mentor of Amina and Tomasz: something to read"), "mentor"),
    Account("tomasz", "Tomasz Brandt", _("Mentee, month 4: a fresh portfolio")),
    Account("priya", "Priya Raman", _("Both: mentored by Gwen, and mentor of Joel")),
    Account("joel", "Joel Fairbrother", _("Mentee of Priya: his first page")),
    Account("gwen", "Gwen Prosser", _("Mentor of Priya"), "mentor"),
    Account("hana", "Hana Sato", _("Mentee, still waiting for a mentor")),
    Account("callum", "Callum Reid", _("Mentee who has gone quiet")),
    Account("odette", "Odette Marchand", _("Callum’s mentor"), "mentor"),
    Account("beatriz", "Beatriz Nunes", _("Mentee who has her award: the pairing has ended")),
    Account("daniel", "Daniel Achterberg", _("Mentor in Wellington: other times of day"), "mentor"),
    Account("marguerite", "Marguerite Fell", _("Programme lead: the admin")),
    Account("sunil", "Sunil Dass", _("Helper: may look at the admin, not change it")),
]

"""The people a visitor of the demo may sign in as, and what each of them finds."""

from django.utils.translation import gettext_lazy as _

# key of the story, what is to be seen
ACCOUNTS = [
    ("amina", _("Mentee, in her second year: seven pages, and a question to answer")),
    ("ruth", _("Mentor of Amina and Tomasz: something to read")),
    ("tomasz", _("Mentee, month 4: a fresh portfolio")),
    ("priya", _("Both: mentored by Gwen, and mentor of Joel")),
    ("joel", _("Mentee of Priya: his first page")),
    ("gwen", _("Mentor of Priya")),
    ("hana", _("Mentee, still waiting for a mentor")),
    ("callum", _("Mentee who has gone quiet")),
    ("odette", _("Callum’s mentor")),
    ("beatriz", _("Mentee who has her award: the pairing has ended")),
    ("daniel", _("Mentor in Wellington: other times of day")),
    ("marguerite", _("Programme lead: the admin")),
    ("sunil", _("Helper: may look at the admin, not change it")),
]

"""A programme: its levels with their criteria, its rules and words, who takes part in which role, and what was done in
its admin."""

from programmes.models.acts import Act
from programmes.models.agreement import AgreementOption, AgreementQuestion, CompletionQuestion
from programmes.models.enrolment import Enrolment, people_administered_by
from programmes.models.exchange import Export, Import
from programmes.models.joining import Application, Invitation
from programmes.models.programme import Criterion, Level, Programme, Region, Sector, Wording

__all__ = [
    "Act",
    "AgreementOption",
    "AgreementQuestion",
    "Application",
    "CompletionQuestion",
    "Criterion",
    "Enrolment",
    "Export",
    "Import",
    "Invitation",
    "Level",
    "Programme",
    "Region",
    "Sector",
    "Wording",
    "people_administered_by",
]

"""What the mentors of the story said of themselves when they were welcomed."""

from mentoring.demo import story
from pairings.actions import set_offer
from pairings.models import MentorOffer


def seed_welcome(people, programme, today) -> None:
    """Everybody is enrolled; `people` are by their keys."""
    levels = {level.name: level for level in programme.levels.all()}
    for key, said in story.welcome()["mentors"].items():
        offer = MentorOffer.objects.select_related("enrolment").get(enrolment__person=people[key])
        set_offer(offer, by=people[key], can_help=said["can_help"], holds=[levels[name] for name in said["holds"]])

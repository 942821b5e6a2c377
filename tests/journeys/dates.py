from datetime import date

# The day on which the demo story ends when it is not told to end today.
STORY_DAY = date(2026, 11, 23)

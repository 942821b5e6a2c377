"""The register of 33,000 mentors: opened, narrowed, searched, and turned to its last page."""

from collections.abc import Iterator

from django.urls import reverse

from bench.crowd import crowd, row
from bench.house import House
from bench.table import Row
from bench.texts import VOCABULARY


def measure(house: House, world) -> Iterator[Row]:
    mentee = crowd().mentee
    url = reverse("pairings:mentors")
    searches = ["", *(f"search={word}" for word in (VOCABULARY[0], VOCABULARY[39][:2], VOCABULARY[1500]))]
    searches += [f"search={VOCABULARY[3]}+{VOCABULARY[700]}&space=any", "search=employer", "search=nobody-at-all"]
    searches += ["sector=sector-3", "region=region-2&by=phone", "sector=sector-1&region=region-1&by=video&space=any"]
    searches += ["page=500", "space=any", f"page=9&search={VOCABULARY[5]}&by=video"]
    yield row(house, "register search", mentee.person, [f"{url}?{search}" for search in searches], 'id="results"')

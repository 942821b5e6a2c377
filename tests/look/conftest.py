from tests.journeys.conftest import *  # noqa: F403 - the same browser, programme and site

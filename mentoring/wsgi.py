import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")

application = get_wsgi_application()

# What is loaded by now stays for good. Looking through all of it for garbage would hold up somebody's page, now and
# then, for some 30 ms.
gc.freeze()
# And a page makes some ten thousand small things that are gone when it is sent: to look among them again and again
# would take a tenth of its time.
gc.set_threshold(50_000, 20, 50)

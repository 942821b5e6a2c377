import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")

application = get_wsgi_application()

# What is loaded by now stays for good. Looking through all of it for garbage would hold up somebody's page, now and
# then, for some 30 ms.
gc.freeze()

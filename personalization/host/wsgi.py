"""The WSGI entry of the host: the two hot endpoints first, then Django."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "personalization.host.settings")
_django = get_wsgi_application()

from personalization.api.shortcut import with_shortcut  # noqa: E402 - models need Django first

application = with_shortcut(_django)
gc.collect()
gc.freeze()  # what is loaded stays; the collector need not look at it with every page view

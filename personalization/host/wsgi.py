"""The WSGI entry of the host."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "personalization.host.settings")
application = get_wsgi_application()

"""A colleague is invited by mail; the link sets the first password, with mail or without."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db(transaction=True)  # mail leaves after the commit
ADD = "admin:personalization_membership_add"


def invite(client, site):
    form = {"email": "ida@example.com", "full_name": "Ida Berg", "site": site.pk, "role": "editor"}
    return client.post(reverse(ADD), form, follow=True)


def test_the_mailed_link_sets_the_first_password(colleague, site, mailoutbox, client):
    invite(colleague("admin"), site)

    (mail,) = mailoutbox
    link = re.search(r"http://testserver(/\S+)", mail.body)[1]
    form = client.get(link, follow=True)
    passwords = {"new_password1": "seven brave otters", "new_password2": "seven brave otters"}
    client.post(form.redirect_chain[-1][0], passwords)
    assert mail.to == ["ida@example.com"]
    assert Client().login(username="ida@example.com", password="seven brave otters")


def test_where_mail_fails_the_link_is_shown(colleague, site, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    page = invite(colleague("admin"), site)

    assert "Pass on this link" in page.content.decode()
    assert get_user_model().objects.get(email="ida@example.com").is_staff


def test_nobody_is_invited_twice_to_one_site(colleague, site):
    admin = colleague("admin")
    invite(admin, site)

    again = invite(admin, site)

    assert "works on the site already" in again.content.decode()

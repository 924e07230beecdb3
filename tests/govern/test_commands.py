"""The commands of an operator and of a privacy officer."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from personalization.govern.keys import find_key
from personalization.govern.models import Site
from personalization.govern.sites import check_origin


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_site_makes_a_site_and_prints_keys_that_work():
    keys = json.loads(run("site", "My Shop", "--origin", "https://shop.example/", "--json"))

    assert keys["site"] == "my-shop"
    assert find_key(keys["publishable"]).origins == {"https://shop.example"}
    assert find_key(keys["secret"]).is_secret
    assert "sk_" in run("site", "Other")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "origin",
    [
        *("shop.example", "ftp://a", "https://a/b", "https://", "https://a:b", "https://a..b"),
        *("https://me:word@a", "https://a?b", "https://a#b", "https://[::1"),
    ],
)
def test_site_refuses_what_is_no_origin_and_makes_nothing(origin):
    with pytest.raises(CommandError, match=r"https://shop\.example"):
        run("site", "Shop", "--origin", origin)

    assert not Site.objects.exists()


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("HTTPS://Shop.Example/", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
    ],
)
def test_an_origin_is_kept_as_browsers_send_it(written, sent):
    assert check_origin(written) == sent


@pytest.mark.django_db
@pytest.mark.parametrize("named", [("",), ("  ",), ("S", "--key", "a b"), ("S", "--key", "../x")])
def test_site_refuses_what_no_address_can_carry(named):
    with pytest.raises(CommandError):
        run("site", *named)

    assert not Site.objects.exists()


@pytest.mark.django_db
def test_site_takes_the_currency_in_which_its_shop_sells():
    run("site", "Shop", "--currency", "CHF")
    with pytest.raises(CommandError, match="three capital letters"):
        run("site", "Another", "--currency", "francs")

    assert [site.currency for site in Site.objects.all()] == ["CHF"]


def test_export_and_erase_speak_of_one_visitor(site, visitor, tmp_path):
    visitor("v1")
    assert json.loads(run("export_visitor", "v1"))["choices"][0]["visitor"] == "v1"

    first = run("erase", "v1")

    assert first.startswith("receipt ")
    assert run("erase", "v1") == first
    run("export_visitor", "v1", "--output", str(tmp_path / "v1.json"))
    assert json.loads((tmp_path / "v1.json").read_text())["choices"] == []


def test_the_report_floors_its_counts_and_names_every_holding(site, visitor):
    visitor("v1")

    said = run("privacy_report")

    assert "Visitors who chose: < 50" in said
    assert "1 records, intact" in said
    assert "exposure" in said


def test_the_report_fails_where_the_ledger_was_tampered_with(site, visitor):
    visitor("v1")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE personalization_consentrecord SET key_id = 'x'")

    with pytest.raises(CommandError, match="record 1"):
        run("privacy_report")


def test_retention_says_what_it_removed(site):
    assert "event" in run("retention")


def test_with_two_sites_a_command_asks_which(site):
    run("site", "Second")

    with pytest.raises(CommandError, match="second"):
        run("erase", "v1")

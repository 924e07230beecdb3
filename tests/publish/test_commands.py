"""What operators type, what they read, and how it exits."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command, get_commands, load_command_class

from personalization.collect.consent import choose
from personalization.govern.models import AuditEntry
from personalization.govern.sites import make_site
from personalization.targeting import documents
from rules.purposes import Purpose

OURS = (
    *("publish", "rollback", "releases", "lint"),
    *("export_config", "import_config", "explain", "simulate"),
)


def said(*arguments, **options):
    out = StringIO()
    call_command(*arguments, **options, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("name", OURS)
def test_each_explains_itself_and_takes_a_site(name):
    command = load_command_class(get_commands()[name], name)

    help_text = command.create_parser("manage.py", name).format_help()

    assert "--site" in help_text
    assert command.help.split()[0] in help_text


def test_publishing_and_rolling_back(drafts):
    assert "Release 1 is live" in said("publish", note="first")
    assert "Release 2 is live" in said("publish", note="second")
    assert "Release 1 is live" in said("rollback", "1")

    lines = said("releases").splitlines()
    assert [line[0] for line in lines] == [" ", "*"]
    assert "second" in lines[0]
    assert AuditEntry.objects.filter(actor="command", action="release.activated").exists()


def test_a_release_may_be_scheduled(drafts):
    out = said("publish", at="2100-01-01T08:00:00+01:00")

    assert "goes live at 2100-01-01 07:00 UTC" in out
    assert "due 2100-01-01 07:00" in said("releases")
    drafts.refresh_from_db()
    assert drafts.live_release is None


@pytest.mark.parametrize(
    "at", ["tomorrow", "2100-01-01", "2100-01-01T08:00:00", "2100-13-01T08:00Z"]
)
def test_a_time_without_its_offset_is_refused(drafts, at):
    with pytest.raises(CommandError, match="offset"):
        call_command("publish", at=at)


def test_rolling_back_to_nothing_is_refused(drafts):
    with pytest.raises(CommandError, match="no release 3"):
        call_command("rollback", "3")


def test_with_several_sites_one_must_be_named(drafts):
    make_site(name="Other", origins=[], by="test")

    with pytest.raises(CommandError, match="other, shop"):
        call_command("publish")
    assert "Release 1" in said("publish", site="shop")
    with pytest.raises(CommandError, match="There is no site"):
        call_command("publish", site="nowhere")


def test_lint_exits_with_an_error_only_where_publishing_would_fail(drafts):
    from personalization.targeting.models import Content

    assert "Nothing to say" in said("lint")
    documents.save_slot(drafts, {"key": "side"}, by="test")
    assert "slot_without_default" in said("lint")
    with pytest.raises(CommandError, match=r"0 errors, 1 warning$"):
        call_command("lint", strict=True, stdout=StringIO())
    Content.objects.filter(key="plain").update(block="gone")
    with pytest.raises(CommandError, match="1 error, "):
        call_command("lint", stdout=StringIO())


@pytest.fixture
def crowd(drafts):
    def gather(number):
        for place in range(number):
            purposes = frozenset({Purpose.PERSONALIZATION})
            choose(drafts, f"v{place}", purposes=purposes, policy="p", source="test")

    return gather


def test_a_simulation_says_shares_of_what_would_be_shown(drafts, crowd):
    crowd(60)

    plain = said("simulate", drafts=True)
    german = said("simulate", drafts=True, country="DE")

    assert "100 %  plain (default)" in plain
    assert "100 %  servus (rule)" in german


def test_a_simulation_draws_as_many_as_asked_and_the_same_again(drafts, crowd):
    crowd(60)

    first = said("simulate", "-n", "55", drafts=True)

    assert first == said("simulate", "-n", "55", drafts=True)


def test_a_simulation_over_few_visitors_says_no_share(drafts, crowd):
    crowd(10)

    assert "-  plain" in said("simulate", drafts=True)


def test_a_simulation_wants_something_to_show(drafts):
    with pytest.raises(CommandError, match="--drafts"):
        call_command("simulate")

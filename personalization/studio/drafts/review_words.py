"""What the script of the review page says, and which key does what."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from personalization.studio.composer_words import composer_words


def review_words() -> dict[str, str]:
    return {
        "away": _("Nobody answers. Nothing is lost: try again once the connection is back."),
        "closed": _("This is not yours to do with this draft; the notice above says why."),
        "typed": _("Save what you typed, or leave the text as it was, before you go on."),
        "look": _("Still to be looked at and ticked off: %d (key x)."),
        "left": _("Still to be looked at: %d"),
        "seen": _("Everything that was found is ticked off."),
    }


def list_words() -> dict[str, str]:
    """What the lists of a form say, which are the composer's too."""
    return {"entry": composer_words()["entry"]}


def key_list() -> Iterator[tuple[tuple[str, ...], str]]:
    yield ("a",), _("approve, and go on to the next")
    yield ("x",), _("tick off the next finding, and see where it stands")
    yield ("c",), _("request changes")
    yield ("r",), _("reject; then a number chooses the reason")
    yield ("e",), _("edit the text")
    yield ("g",), _("let it be written anew, with a remark")
    yield ("d",), _("text, beside what is live, revisions")
    yield ("j", "→"), _("next draft")
    yield ("k", "←"), _("previous draft")
    yield ("u",), _("undo the last decision")
    yield ("m",), _("more: who reviews it, a link for somebody outside")
    yield ("Ctrl", "↵"), _("send what is being typed")
    yield ("Esc",), _("close, and leave everything as it was")
    yield ("?",), _("these keys")

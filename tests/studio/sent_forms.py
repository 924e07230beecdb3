"""What a browser would send back from a page's form, read from its HTML."""

from html.parser import HTMLParser
from typing import Any

BUTTONS = {"submit", "button", "image", "reset", "file"}


def sent_by(html: str, form_id: str) -> dict[str, Any]:
    """Name to value; to a list of values where a name comes several times."""
    reader = _Form(form_id)
    reader.feed(html)
    found: dict[str, list[str]] = {}
    for name, value in reader.sent:
        found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


class _Form(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.sent: list[tuple[str, str]] = []
        self._inside = False
        self._text: str | None = None  # the name of the text area that we are in
        self._list: str | None = None  # of the select
        self._first: str | None = None  # its first value, sent where none is chosen
        self._templates = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("id") == self.form_id
        self._templates += tag == "template"
        name = given.get("name", "")
        if not self._inside or self._templates or "disabled" in given:
            return
        if tag == "option" and self._list:
            self._option(given)
        elif tag == "input" and name and given.get("type", "text") not in BUTTONS:
            ticked = given.get("type") in ("checkbox", "radio")
            if not ticked or "checked" in given:
                self.sent.append((name, given.get("value", "on" if ticked else "")))
        elif tag == "textarea":
            self._text = name
            self.sent.append((name, ""))
        elif tag == "select":
            self._list, self._first = name, None

    def _option(self, given: dict[str, str]) -> None:
        if "selected" in given:
            self.sent.append((str(self._list), given.get("value", "")))
            self._list = None
        elif self._first is None:
            self._first = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "template":
            self._templates -= 1
        elif tag == "textarea":
            self._text = None
        elif tag == "select" and self._list:
            if self._first is not None:
                self.sent.append((self._list, self._first))
            self._list = None

    def handle_data(self, text: str) -> None:
        if self._text:
            name, before = self.sent[-1]
            self.sent[-1] = (name, (before + text).removeprefix("\n"))

"""The words that a model is sent: shipped with us, editable for each site, every version kept.

In:  a site and a prompt's name. Out: its text and the name of its version.

The rules that come first are ours and cannot be edited: they say that material is no instruction.
A placeholder of a prompt is written `[[voice]]`, so that `{{ … }}` may stand in it as an example.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personalization.drafts.brand_models import PromptText
from personalization.exceptions import FieldError, Malformed, NotFound
from personalization.govern import audit
from personalization.govern.models import Site

COPY, IMAGE = "copy", "image"
NAMES: Final = (COPY, IMAGE)
LONGEST: Final = 12_000
FOLDER: Final = Path(__file__).parent / "prompt_files"
PLACEHOLDER: Final = re.compile(r"\[\[\s*([^\[\]]*?)\s*\]\]")
TITLES: Final = {COPY: gettext_lazy("Texts"), IMAGE: gettext_lazy("Pictures")}
BRAND: Final = ("voice", "dos", "donts", "glossary", "forbidden")
MEANINGS: Final = {
    "voice": gettext_lazy("the voice of the brand guide"),
    "dos": gettext_lazy("its list “do”"),
    "donts": gettext_lazy("its list “don't”"),
    "glossary": gettext_lazy("its glossary"),
    "forbidden": gettext_lazy("forbidden words and claims"),
    "variants": gettext_lazy("how many variants the brief asks for"),
    "language": gettext_lazy("the language, by name and code"),
    "fields": gettext_lazy("the texts of the block, with their longest lengths"),
    "placeholders": gettext_lazy("the placeholders that texts may hold"),
    "form": gettext_lazy("the form of the answer"),
}
MAY_NAME: Final = {COPY: tuple(MEANINGS), IMAGE: (*BRAND, "language", "form")}
MUST_NAME: Final = {
    COPY: ("forbidden", "variants", "language", "fields", "placeholders", "form"),
    IMAGE: ("forbidden", "language", "form"),
}


@dataclass(frozen=True, slots=True)
class Prompt:
    """A text in use; `version` is "shipped:1a2b3c4d" or "site:3"."""

    name: str
    text: str
    version: str

    def filled(self, values: Mapping[str, str]) -> str:
        """Our rules, then the text with every placeholder filled, in one pass."""
        said = PLACEHOLDER.sub(lambda found: values.get(found[1], ""), self.text)
        return f"{rules()}\n{said}"


def prompt_of(site: Site, name: str) -> Prompt:
    """The site's newest words, or ours where it has none."""
    own = history(site, name)[:1]
    if own and own[0].text:
        return Prompt(name, own[0].text, f"site:{own[0].number}")
    return shipped(name)


def history(site: Site, name: str) -> Sequence[PromptText]:
    """Newest first; the shipped one came before all of them."""
    return list(PromptText.objects.filter(site=site, name=name).order_by("-number"))


@cache
def shipped(name: str) -> Prompt:
    text = _read(name)
    digest = hashlib.sha256(f"{rules()}\n{text}".encode()).hexdigest()
    return Prompt(name, text, f"shipped:{digest[:8]}")


def rules() -> str:
    return _read("rules")


@transaction.atomic
def save_prompt(site: Site, name: str, text: str, *, note: str = "", by: str) -> PromptText:
    """Use these words from now on; an empty text goes back to the shipped ones."""
    if name not in NAMES:
        raise NotFound(_("There is no prompt “%s”.") % name)
    text = text.strip()
    _check(name, text)
    Site.objects.select_for_update().get(pk=site.pk)  # two people get two numbers
    last = PromptText.objects.filter(site=site, name=name).aggregate(last=Max("number"))["last"]
    before = prompt_of(site, name)
    saved = PromptText.objects.create(
        site=site, name=name, number=(last or 0) + 1, text=text, note=note[:300], author=by[:200]
    )
    audit.record(
        site=site,
        actor=by,
        action="prompt.changed",
        target=name,
        changes={"version": [before.version, prompt_of(site, name).version]},
    )
    return saved


def _check(name: str, text: str) -> None:
    errors = tuple(_wrong(name, text)) if text else ()
    if errors:
        raise Malformed(errors[0].detail, errors=errors)


def _wrong(name: str, text: str) -> "list[FieldError]":
    named = PLACEHOLDER.findall(text)
    found = []
    if len(text) > LONGEST:
        detail = _("A prompt has at most %d characters.") % LONGEST
        found.append(FieldError("text", "too_long", detail))
    if "\0" in text:
        found.append(FieldError("text", "nul", _("Remove the NUL character.")))
    for each in dict.fromkeys(named):
        if each not in MAY_NAME[name]:
            known = ", ".join(f"[[{one}]]" for one in MAY_NAME[name])
            detail = _("There is no “[[%(name)s]]”. There are: %(known)s.")
            found.append(
                FieldError("text", "unknown_placeholder", detail % {"name": each, "known": known})
            )
    for each in MUST_NAME[name]:
        if each not in named:
            detail = _("“[[%(name)s]]” is missing; it stands for %(meaning)s.")
            said = {"name": each, "meaning": MEANINGS[each]}
            found.append(FieldError("text", "missing_placeholder", detail % said))
    return found


@cache
def _read(name: str) -> str:
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8").strip() + "\n"

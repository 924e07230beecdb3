"""Say why a page showed what it showed."""

import json
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personalization.govern.models import Site
from personalization.management.site_command import SiteCommand
from personalization.publish.explaining import explain

Document = dict[str, Any]  # JSON


class Command(SiteCommand):
    help = gettext_lazy(  # type: ignore[assignment] # SiteCommand unwraps it
        "Explain an exposure: release, rules, bucket, and what the visitor allowed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "exposure", help=_("the token of a rendered slot, or the id of a recorded exposure")
        )
        parser.add_argument("--json", action="store_true", help=_("as the API answers"))

    def work(self, site: Site, options: Document) -> None:
        found = explain(site, options["exposure"])
        if options["json"]:
            self.say(json.dumps(found, indent=2, ensure_ascii=False))
            return
        self._choice(found)
        if found["experiment"] is not None:
            self.say(
                _(
                    "experiment %(key)s: arm %(arm)s, phase %(phase)s, bucket %(bucket)s, "
                    "propensity %(propensity)s"
                )
                % found["experiment"]
            )
        for rule in found["rules"]:
            self._rule(rule)
        if found["items"]:
            self.say(_("items: %s") % ", ".join(found["items"]))
        self._consents(found["visitor"])

    def _choice(self, found: Document) -> None:
        content = found["content"] or _("nothing")
        said = {"slot": found["slot"], "content": content, "at": found["at"]}
        self.say(_("%(slot)s showed %(content)s at %(at)s") % said)
        reason = f"{found['reason']['kind']} {found['reason']['rule'] or ''}".rstrip()
        self.say(_("because of: %s") % reason)
        numbers = {"release": found["release"]["number"], "learned": found["learned"]}
        self.say(_("release %(release)d, suggestions %(learned)d") % numbers)
        if found["written"] is not None:
            self._came_from(
                found["written"],
                _(
                    "written by %(model)s with the prompt %(prompt)s, asked by %(asked_by)s, "
                    "approved by %(reviewers)s on %(approved_at)s"
                ),
            )
        for picture in found["drawn"]:
            self._came_from(
                picture,
                _(
                    "picture drawn by %(model)s with the prompt %(prompt)s, asked by %(asked_by)s, "
                    "approved by %(reviewers)s on %(approved_at)s"
                ),
            )

    def _came_from(self, made: Document, sentence: str) -> None:
        self.say(sentence % {**made, "reviewers": ", ".join(made["approved_by"])})

    def _rule(self, rule: Document) -> None:
        taken = _("taken") if rule["taken"] else _("not taken")
        window = "" if rule["window_was_open"] else _(", its window was closed")
        said = {"rule": rule["rule"], "how": f"{taken}{window}"}
        self.say(_("rule %(rule)s (%(how)s)") % said)
        if rule["audience"] is None:
            self.say(f"  {_('for everyone')}")
        else:
            self.say(f"  {_('as the visitor is now:')}")
            self._audience(rule["audience"], 2)

    def _audience(self, node: Document, depth: int) -> None:
        truth = {True: _("yes"), False: _("no"), None: _("unknown")}[node["truth"]]
        self.say(f"{'  ' * depth}{truth:<9}{node['text']}")
        for part in node["parts"]:
            self._audience(part, depth + 1)

    def _consents(self, visitor: Document) -> None:
        if not visitor["known"]:
            self.say(_("the visitor is not known (any more)"))
            return
        for sentence, allowed in (
            (_("allowed then: %s"), visitor["allowed_then"]),
            (_("allowed now: %s"), visitor["allowed_now"]),
        ):
            granted = [name for name, is_granted in (allowed or {}).items() if is_granted]
            self.say(sentence % (", ".join(granted) or _("nothing")))

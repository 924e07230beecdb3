"""Say why a page showed what it showed."""

import json
from typing import Any

from django.core.management.base import CommandParser

from personalization.govern.models import Site
from personalization.management.site_command import SiteCommand
from personalization.publish.explaining import explain

TRUTHS = {True: "yes", False: "no", None: "unknown"}


class Command(SiteCommand):
    help = "Explain an exposure: release, rules, bucket, and what the visitor allowed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("exposure", help="the token of a rendered slot, or a recorded id")
        parser.add_argument("--json", action="store_true", help="as the API answers")

    def work(self, site: Site, options: dict[str, Any]) -> None:
        found = explain(site, options["exposure"])
        if options["json"]:
            self.say(json.dumps(found, indent=2, ensure_ascii=False))
            return
        reason = found["reason"]
        self.say(f"{found['slot']} showed {found['content'] or 'nothing'} at {found['at']}")
        self.say(f"because of: {reason['kind']} {reason['rule'] or ''}".rstrip())
        self.say(f"release {found['release']['number']}, suggestions {found['learned']}")
        self._experiment(found["experiment"])
        for rule in found["rules"]:
            self._rule(rule)
        if found["items"]:
            self.say(f"items: {', '.join(found['items'])}")
        self._consents(found["visitor"])

    def _experiment(self, experiment: dict[str, Any] | None) -> None:
        if experiment is not None:
            self.say(
                f"experiment {experiment['key']}: arm {experiment['arm']}, phase "
                f"{experiment['phase']}, bucket {experiment['bucket']}, propensity "
                f"{experiment['propensity']}"
            )

    def _rule(self, rule: dict[str, Any]) -> None:
        taken = "taken" if rule["taken"] else "not taken"
        window = "" if rule["window_was_open"] else ", its window was closed"
        self.say(f"rule {rule['rule']} ({taken}{window})")
        if rule["audience"] is None:
            self.say("  for everyone")
        else:
            self.say("  as the visitor is now:")
            self._audience(rule["audience"], 2)

    def _audience(self, node: dict[str, Any], depth: int) -> None:
        self.say(f"{'  ' * depth}{TRUTHS[node['truth']]:<8}{node['text']}")
        for part in node["parts"]:
            self._audience(part, depth + 1)

    def _consents(self, visitor: dict[str, Any]) -> None:
        if not visitor["known"]:
            self.say("the visitor is not known (any more)")
            return
        for when in ("allowed_then", "allowed_now"):
            allowed = visitor[when] or {}
            named = ", ".join(name for name, granted in allowed.items() if granted)
            self.say(f"{when.replace('_', ' ')}: {named or 'nothing'}")

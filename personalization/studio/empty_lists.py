"""What an empty list says to somebody who sees it for the first time: what belongs there, and
where it comes from."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

WORDS: Final[dict[str, Any]] = {  # lazy texts, by the model that is listed
    "slot": _(
        "A slot is a place on a page that you fill: a banner, a line, a shelf. Name the first; "
        "“Connect your site” then says how a page shows it."
    ),
    "rule": _("A rule says who sees which content in a slot, and when. It needs both of them."),
    "experiment": _(
        "An experiment shows each visitor of a slot one of several contents, drawn by chance and "
        "the same at every visit."
    ),
    "campaign": _(
        "A campaign keeps rules, contents and experiments together: one window of time, one "
        "owner, one line in the calendar."
    ),
    "journey": _(
        "A journey leads visitors from stage to stage by what they do, or by how much time has "
        "passed. Audiences can ask where somebody is."
    ),
    "segment": _(
        "A segment describes an audience once, for as many rules as you like. What everyone "
        "shall see needs none."
    ),
    "content": _("A content is what visitors see. Pick a block, fill in its form, preview it."),
    "media": _("Pictures that contents may use. They can be uploaded from within a content, too."),
    "customblock": _(
        "Contents can be composed without: many blocks are there already. Here you write others, "
        "in HTML."
    ),
    "item": _(
        "What your shop sells, for carousels and grids of suggestions. Your shop sends it, or an "
        "operator imports a file."
    ),
    "brief": _("A brief says what a model shall write. People look at it before visitors do."),
    "draft": _("What a model wrote for a brief. It waits here until somebody says yes or no."),
    "exposure": _(
        "What was shown to visitors who allow reports. It begins once you have published and a "
        "page shows a slot."
    ),
    "modelversion": _("A model is trained every night, as soon as visitors looked at items."),
    "learnedsnapshot": _("They come with the first model. Until then, what is popular is shown."),
    "profile": _("Visitors stand here once they allowed something. Of others nothing is kept."),
    "event": _("What visitors did who allow it. “Connect your site” says how it comes here."),
    "consentrecord": _("What visitors allow or refuse is written here, choice by choice."),
    "erasurereceipt": _("Each visitor who asked to be forgotten leaves a receipt, without a name."),
    "undeclaredslot": _("Pages ask for no slot that is not there. There is nothing to do."),
    "publishedrelease": _("Nothing was published yet. Under “Publish” you make the first release."),
    "webhook": _("A webhook tells another system who enters which stage of a journey."),
    "delivery": _("Messages stand here once a journey tells a webhook of those who enter."),
    "membership": _("Invite colleagues and give each a role. Superusers need none."),
    "apikey": _("With a key, a website or a server speaks for the site."),
    "job": _("Work that takes long stands here: training, scoring, writing."),
}

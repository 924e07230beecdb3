"""Where in a page each placeholder of a template lands.

In:  the syntax tree of a template.
Out: for each `{{ … }}`, in the order of the source, the `Spot` in which its text will stand; or
     `Misplaced`, where no escaping could make it safe.

Branches are followed one by one and must meet again in the same place, as in Go's html/template.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from jinja2 import nodes

from personalization.blocks.urls import SCHEMES

URL_ATTRIBUTES = frozenset(
    {
        "action",
        "background",
        "cite",
        "formaction",
        "href",
        "longdesc",
        "manifest",
        "ping",
        "poster",
        "src",
        "xlink:href",
    }
)
SOURCE_SETS = frozenset({"srcset", "imagesrcset"})
FORBIDDEN_ATTRIBUTES = frozenset({"style", "srcdoc"})
FORBIDDEN_ELEMENTS = frozenset(
    {
        "applet",
        "base",
        "body",
        "embed",
        "frame",
        "frameset",
        "head",
        "html",
        "iframe",
        "link",
        "math",
        "meta",
        "noembed",
        "noframes",
        "noscript",
        "object",
        "param",
        "plaintext",
        "portal",
        "script",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
        "xmp",
    }
)
BLANK = " \t\n\f\r"


class Misplaced(Exception):
    """A placeholder or a tag where none may stand. `index` counts the placeholders before it."""

    def __init__(self, index: int, lineno: int, sentence: str) -> None:
        super().__init__(sentence)
        self.index = index
        self.lineno = lineno
        self.sentence = sentence


class At(Enum):
    """The tokenizer's states, named as in the HTML standard."""

    TEXT = "text"
    TAG_OPEN = "tag open"
    END_TAG_OPEN = "end tag open"
    TAG_NAME = "tag name"
    BEFORE_NAME = "before attribute name"
    NAME = "attribute name"
    AFTER_NAME = "after attribute name"
    BEFORE_VALUE = "before attribute value"
    QUOTED = "attribute value (quoted)"
    UNQUOTED = "attribute value (unquoted)"
    AFTER_VALUE = "after attribute value"
    JUNCTION = "behind a tag's name that some ways have left"


class Address(Enum):
    """How far an attribute that holds an address has come."""

    EMPTY = "nothing yet"
    OPEN = "some text that could still become a scheme"
    WHOLE = "one placeholder"
    SETTLED = "past the point where a scheme could stand"


class Spot(Enum):
    """What a placeholder's text becomes, hence how it is made safe."""

    TEXT = "text"
    ATTRIBUTE = "attribute"
    URL = "url"
    URL_PART = "url_part"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Place:
    at: At = At.TEXT
    tag: str = ""
    attribute: str = ""
    quote: str = ""
    address: Address = Address.EMPTY
    written: str = ""  # the fixed beginning of an address


START = Place()
BETWEEN_ATTRIBUTES = frozenset({At.BEFORE_NAME, At.AFTER_NAME, At.AFTER_VALUE})
BEHIND_NAME = BETWEEN_ATTRIBUTES | {At.TAG_NAME, At.JUNCTION}
WHERE = {
    At.TAG_OPEN: "A placeholder cannot stand in the name of a tag.",
    At.END_TAG_OPEN: "A placeholder cannot stand in the name of a tag.",
    At.TAG_NAME: "A placeholder cannot stand in the name of a tag.",
    At.BEFORE_NAME: "A placeholder cannot stand between attributes; write it in a quoted value.",
    At.NAME: "A placeholder cannot stand in the name of an attribute.",
    At.AFTER_NAME: "A placeholder cannot stand between attributes; write it in a quoted value.",
    At.AFTER_VALUE: "A placeholder cannot stand between attributes; write it in a quoted value.",
    At.JUNCTION: "A placeholder cannot stand between attributes; write it in a quoted value.",
    At.BEFORE_VALUE: "Put quotes around the attribute's value.",
    At.UNQUOTED: "Put quotes around the attribute's value.",
}


def spots(tree: nodes.Template) -> tuple[Spot, ...]:
    """The spot of every placeholder, in the order of the source."""
    walk = _Walk()
    end = walk.through(tree.body, START)
    if end.at is not At.TEXT:
        raise walk.refusal(tree.lineno, "The template ends inside a tag; close it with '>'.")
    return tuple(walk.found)


class _Walk:
    """Follows the HTML through the tree. One `Place` at a time, spots gathered on the way."""

    def __init__(self) -> None:
        self.found: list[Spot] = []
        self.lineno = 1

    def refusal(self, lineno: int, sentence: str) -> Misplaced:
        return Misplaced(len(self.found), lineno, sentence)

    def through(self, body: Sequence[nodes.Node], place: Place) -> Place:
        for node in body:
            self.lineno = node.lineno
            if isinstance(node, nodes.Output):
                place = self._output(node, place)
            elif isinstance(node, nodes.If):
                place = self._branches(node, place)
            elif isinstance(node, nodes.For):
                place = self._loop(node, place)
            elif isinstance(node, nodes.Macro | nodes.CallBlock):
                self._apart(node, place)
        return place

    def _output(self, node: nodes.Output, place: Place) -> Place:
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                self.lineno = child.lineno
                place = self._text(child.data, place)
            else:
                place = self._placeholder(child, place)
        return place

    def _branches(self, node: nodes.If, place: Place) -> Place:
        ends = [self.through(node.body, place)]
        ends += [self.through(other.body, place) for other in node.elif_]
        ends.append(self.through(node.else_, place))
        joined = ends[0]
        for end in ends[1:]:
            joined = self._joined(joined, end, node.lineno)
        return joined

    def _loop(self, node: nodes.For, place: Place) -> Place:
        after_body = self._joined(self.through(node.body, place), place, node.lineno)
        return self._joined(after_body, self.through(node.else_, place), node.lineno)

    def _apart(self, node: nodes.Macro | nodes.CallBlock, place: Place) -> None:
        if isinstance(node, nodes.CallBlock) and place.at is not At.TEXT:
            raise self.refusal(node.lineno, "A macro with a body cannot be called inside a tag.")
        if self.through(node.body, START).at is not At.TEXT:
            raise self.refusal(node.lineno, "This macro ends inside a tag; close it with '>'.")

    def _joined(self, one: Place, other: Place, lineno: int) -> Place:
        """Where two ways meet: the same place, or nothing that follows could be judged."""
        if one == other:
            return one
        if one.tag == other.tag and {one.at, other.at} <= BEHIND_NAME:
            named = {one.at, other.at} <= BETWEEN_ATTRIBUTES
            return Place(At.BEFORE_NAME if named else At.JUNCTION, one.tag)
        same = (one.at, one.tag, one.attribute, one.quote) == (
            other.at,
            other.tag,
            other.attribute,
            other.quote,
        )
        if not same or one.at is At.NAME:
            raise self.refusal(
                lineno,
                "What is opened inside this {% if %} or {% for %} must be closed inside it, and "
                "an attribute inside it must end with a blank.",
            )
        return replace(one, address=_worse(one.address, other.address), written="")

    def _placeholder(self, node: nodes.Node, place: Place) -> Place:
        if place.at is At.TEXT:
            self.found.append(Spot.TEXT)
            return place
        if place.at is not At.QUOTED:
            raise self.refusal(node.lineno, WHERE[place.at])
        if place.attribute in SOURCE_SETS:
            return self._in_address(node, place, Spot.SOURCE)
        if place.attribute in URL_ATTRIBUTES:
            return self._in_address(node, place, Spot.URL)
        self.found.append(Spot.ATTRIBUTE)
        return place

    def _in_address(self, node: nodes.Node, place: Place, spot: Spot) -> Place:
        if place.address is Address.SETTLED and spot is Spot.URL:
            self.found.append(Spot.URL_PART)
            return place
        if place.address is not Address.EMPTY:
            raise self.refusal(
                node.lineno,
                "In an address a placeholder is the whole of it, or stands behind a fixed "
                "beginning such as '/products/'.",
            )
        self.found.append(spot)
        return replace(place, address=Address.WHOLE)

    def _text(self, text: str, place: Place) -> Place:
        for character in text:
            place = self._step(character, place)
            if character == "\n":
                self.lineno += 1
        return place

    def _step(self, character: str, place: Place) -> Place:  # noqa: PLR0911 - one line a state
        match place.at:
            case At.TEXT:
                return Place(At.TAG_OPEN) if character == "<" else place
            case At.TAG_OPEN:
                return self._tag_open(character)
            case At.END_TAG_OPEN:
                if not (character.isascii() and character.isalpha()):
                    raise self.refusal(self.lineno, "Write '&lt;' for a '<' that opens no tag.")
                return Place(At.TAG_NAME, "/")
            case At.TAG_NAME:
                return self._tag_name(character, place)
            case At.QUOTED:
                return self._quoted(character, place)
            case At.UNQUOTED:
                return self._unquoted(character, place)
            case At.BEFORE_VALUE:
                return self._before_value(character, place)
            case At.JUNCTION if character not in BLANK and character not in "/>":
                raise self.refusal(self.lineno, "Write a blank behind this {% endif %}.")
            case At.JUNCTION:
                return self._tag_name(character, place)
            case _:
                return self._between(character, place)

    def _tag_open(self, character: str) -> Place:
        if character == "/":
            return Place(At.END_TAG_OPEN)
        if character in "!?":
            raise self.refusal(
                self.lineno, "Blocks hold no HTML comments; write {# a template comment #}."
            )
        if character.isascii() and character.isalpha():
            return Place(At.TAG_NAME, character.lower())
        return Place(At.TAG_OPEN) if character == "<" else START

    def _tag_name(self, character: str, place: Place) -> Place:
        if character in BLANK or character in "/>":
            if place.tag in FORBIDDEN_ELEMENTS:
                raise self.refusal(
                    self.lineno,
                    f"Blocks hold no <{place.tag}>. Styles belong to the page's stylesheet, "
                    "drawings and films to the media library.",
                )
            return START if character == ">" else Place(At.BEFORE_NAME, place.tag)
        return replace(place, tag=place.tag + character.lower())

    def _between(self, character: str, place: Place) -> Place:
        """Before, in or behind an attribute's name, or behind a value."""
        if character in BLANK:
            behind = At.AFTER_NAME if place.at in (At.NAME, At.AFTER_NAME) else At.BEFORE_NAME
            return replace(place, at=behind)
        if character == ">":
            return START
        if character == "=" and place.at in (At.NAME, At.AFTER_NAME):
            return replace(place, at=At.BEFORE_VALUE)
        if character == "/":
            return Place(At.BEFORE_NAME, place.tag)
        if character in "=\"'<`":
            raise self.refusal(self.lineno, f"A {character} cannot stand here in <{place.tag}>.")
        name = place.attribute if place.at is At.NAME else ""
        return self._named(place, name + character.lower())

    def _named(self, place: Place, name: str) -> Place:
        if name in FORBIDDEN_ATTRIBUTES or (len(name) > 2 and name.startswith("on")):
            raise self.refusal(
                self.lineno,
                "Blocks hold no inline styles and no event handlers (style=, on…=): pages with a "
                "content security policy forbid them.",
            )
        return Place(At.NAME, place.tag, name)

    def _before_value(self, character: str, place: Place) -> Place:
        if character in BLANK:
            return place
        if character in "\"'":
            return replace(place, at=At.QUOTED, quote=character)
        if character == ">":
            return START
        return self._unquoted(character, replace(place, at=At.UNQUOTED))

    def _unquoted(self, character: str, place: Place) -> Place:
        if character in BLANK:
            return Place(At.BEFORE_NAME, place.tag)
        if character == ">":
            return START
        if character in "\"'<=`":
            raise self.refusal(self.lineno, "Put quotes around the attribute's value.")
        return self._grown(character, place)

    def _quoted(self, character: str, place: Place) -> Place:
        if character == place.quote:
            return Place(At.AFTER_VALUE, place.tag)
        return self._grown(character, place)

    def _grown(self, character: str, place: Place) -> Place:
        """One more fixed character of a value; in an address it may settle the scheme."""
        if place.attribute not in URL_ATTRIBUTES or place.address is Address.SETTLED:
            return place
        if character in "/?#":
            return replace(place, address=Address.SETTLED)
        if place.address is Address.WHOLE or character == "&":
            raise self.refusal(
                self.lineno, "Behind a placeholder an address goes on with '/', '?' or '#'."
            )
        written = place.written + character
        if character != ":":
            return replace(place, address=Address.OPEN, written=written)
        if written[:-1].strip().lower() not in SCHEMES:
            raise self.refusal(self.lineno, f"Addresses cannot begin with {written.strip()!r}.")
        return replace(place, address=_behind(written), written=written)


def _behind(scheme: str) -> Address:
    """`mailto:` and `tel:` say all; behind `https:` the host could still be anything."""
    return Address.SETTLED if scheme.lower() in ("mailto:", "tel:") else Address.OPEN


def _worse(one: Address, other: Address) -> Address:
    if one is other:
        return one
    return Address.WHOLE if {one, other} == {Address.EMPTY, Address.WHOLE} else Address.OPEN


def placeholders(tree: nodes.Node) -> Iterator[tuple[nodes.Output, int]]:
    """Each placeholder as its output node and position there, in the order of `spots`."""
    for output in _outputs(tree):
        for position, child in enumerate(output.nodes):
            if not isinstance(child, nodes.TemplateData):
                yield output, position


def _outputs(node: nodes.Node) -> Iterator[nodes.Output]:
    if isinstance(node, nodes.Output):
        yield node
        return
    if isinstance(node, nodes.If):
        parts: Sequence[nodes.Node] = [*node.body, *node.elif_, *node.else_]
    elif isinstance(node, nodes.For):
        parts = [*node.body, *node.else_]
    else:
        parts = getattr(node, "body", [])
    for part in parts:
        yield from _outputs(part)

"""The refusal of a document: where it is wrong, and the remedy, in its reader's words."""

from rules.words import Say, _


class Invalid(ValueError):
    """A document that cannot be accepted: where it is wrong, and a sentence with the remedy.

    `text` is the sentence as translators know it; what differs from case to case stands in `named`
    and is filled in after the translation: `Invalid(path, _("“%(name)s” is no list."), name=…)`.
    """

    def __init__(self, path: str, text: str, /, **named: object) -> None:
        self.path = path
        self.text = text
        self.named = named
        super().__init__(self.placed(_))

    @property
    def detail(self) -> str:
        """The sentence in English."""
        return self.said(_)

    def said(self, say: Say) -> str:
        return say(self.text) % self.named if self.named else say(self.text)

    def placed(self, say: Say) -> str:
        """The sentence behind the place that it is about."""
        return f"{self.path}: {self.said(say)}" if self.path else self.said(say)

    def under(self, path: str, *, instead_of: str = "") -> "Invalid":
        """The same, of a part of a larger document, whose own first steps are `instead_of`."""
        inner = self.path.removeprefix(instead_of).strip("/")
        return Invalid(f"{path}/{inner}".rstrip("/"), self.text, **self.named)


def at(path: str, part: str) -> str:
    return f"{path}/{part}" if path else part

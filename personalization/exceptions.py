"""Refusals: a stable code, an HTTP status and a sentence that says what to do next."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong in a document: where it stands, its code, and the remedy."""

    path: str
    code: str
    detail: str


class Refusal(Exception):
    """Something that we will not do, told to a person."""

    code = "refused"
    status = 400

    def __init__(self, detail: str, *, errors: tuple[FieldError, ...] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors


class Malformed(Refusal):
    """The input cannot be read or breaks a rule; `errors` names each field."""

    code = "malformed"


class NotFound(Refusal):
    code = "not_found"
    status = 404


class Conflict(Refusal):
    """The thing changed meanwhile, or stands in the way."""

    code = "conflict"
    status = 409


class Immutable(Refusal):
    """What was written once stays as it is."""

    code = "immutable"
    status = 409


class Unauthenticated(Refusal):
    code = "unauthenticated"
    status = 401


class Forbidden(Refusal):
    code = "forbidden"
    status = 403


class TooLarge(Refusal):
    code = "too_large"
    status = 413


class TooMany(Refusal):
    """Asked too often; `retry_after` in seconds."""

    code = "too_many"
    status = 429

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after

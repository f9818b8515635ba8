"""The bodies of the errors, in the two shapes the real server has.

Its own checks answer `{"type": "Parameter error", "title", "status", "detail"?}`, whose `status`
need not be the HTTP status; requests that its web framework cannot read answer the framework's
validation problem with an `errors` member.
"""

from __future__ import annotations

from typing import Any


class ParameterError(Exception):
    """An error of the server's own checks."""

    def __init__(
        self,
        title: str,
        *,
        status: int = 400,
        detail: str | None = None,
        kind: str = "Parameter error",
    ) -> None:
        super().__init__(title)
        self.status = status
        self.body: dict[str, Any] = {"type": kind, "title": title, "status": status}
        if detail is not None:
            self.body["detail"] = detail


class ValidationError(Exception):
    """A request the web framework refuses before the server sees it: always 400."""

    def __init__(self, **errors: str) -> None:
        super().__init__(str(errors))
        self.body = {
            "type": "https://tools.ietf.org/html/rfc9110#section-15.5.1",
            "title": "One or more validation errors occurred.",
            "status": 400,
            "errors": {name: [text] for name, text in errors.items()},
            "traceId": "00-00000000000000000000000000000000-0000000000000000-00",
        }


class ServerCrashError(Exception):
    """The real server falls over: HTTP 500 with an empty body."""


# Spelling kept from the server.
def non_existent_table() -> ParameterError:
    return ParameterError("Non-existent table", status=404)


def non_existent_variable() -> ParameterError:
    return ParameterError("Non-existent variable")


def non_existent_codelist() -> ParameterError:
    return ParameterError("Non-existent codelist")


def non_existent_value() -> ParameterError:
    return ParameterError("Non-existent value")


def missing_selection() -> ParameterError:
    return ParameterError("Missing selection for mandantory variable")


def illegal_expression() -> ParameterError:
    return ParameterError("Illegal selection expression")


def illegal_placement() -> ParameterError:
    return ParameterError("Illegal placment")


def too_many_cells(status: int) -> ParameterError:
    text = "Too many cells selected"
    return ParameterError(text, status=status, detail=text)


def unsupported_format() -> ParameterError:
    text = "Unsupported output format"
    return ParameterError(text, detail=text)


def unsupported_language() -> ParameterError:
    return ParameterError("Unsupported language")


def non_existent_page() -> ParameterError:
    text = "Non-existent page"
    return ParameterError(text, status=404, detail=text)


def no_such_saved_query() -> ParameterError:
    text = "Saved query not found"
    return ParameterError(text, status=404, detail=text)


def no_query_specified() -> ParameterError:
    text = "No query specified"
    return ParameterError(text, detail=text, kind="Create saved query")

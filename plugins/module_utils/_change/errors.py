# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every kind of failure, as a tree.

FlowError
├── MissingLibraryError   missing_library  the interpreter lacks a library
├── InvalidError          invalid          a bad value; nothing was written
├── TransportError
│   ├── UnreachableError  unreachable      no connection, or a broken one
│   └── NoAnswerError     timeout          no answer within api_timeout
├── HttpError             http             an error status
│   └── AuthError         auth             401 or 403
├── ResponseError         response         an answer that cannot be read
├── RefusedError          refused          the service said success: false, or the license is not valid
├── NotConvergedError     not_converged    written, but reads back different
└── UnknownOutcomeError   unknown_outcome  sent without an answer: it may have happened
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar

NOT_KNOWN = "It is not known whether the operation was started. Check the service before you start it again."
"""What a failure says about an operation whose answer was lost."""


class FlowError(Exception):
    """A failure in the shape that every module returns.

    ``uncertain`` means that the request may have taken effect although no usable answer came
    back; the caller finds out by reading. ``retry`` means that the same request may succeed
    later, after ``retry_after`` seconds if the service asks for that. ``shown`` is what the
    failed task's result shows of the resource all the same.
    """

    kind: ClassVar[str] = "http"

    def __init__(
        self,
        message: str,
        *,
        method: str | None = None,
        path: str | None = None,
        status: int | None = None,
        messages: Iterable[str] = (),
        uncertain: bool = False,
        retry: bool = False,
        retry_after: float | None = None,
        shown: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.method = method
        self.path = path
        self.status = status
        self.messages = tuple(messages)
        self.uncertain = uncertain
        self.retry = retry
        self.retry_after = retry_after
        self.shown = shown

    def failure(self) -> dict[str, Any]:
        """Return ``{kind, method, path, status, messages}``."""
        return {
            "kind": self.kind,
            "method": self.method,
            "path": self.path,
            "status": self.status,
            "messages": list(self.messages),
        }

    def restated(self, error: type[FlowError], message: str) -> FlowError:
        """Return this failure as another kind of error with another message."""
        return error(
            message,
            method=self.method,
            path=self.path,
            status=self.status,
            messages=self.messages,
            shown=self.shown,
        )


class MissingLibraryError(FlowError):
    """The interpreter lacks a library."""

    kind = "missing_library"


class InvalidError(FlowError):
    """A bad value; nothing was written."""

    kind = "invalid"


class TransportError(FlowError):
    """No answer arrived."""


class UnreachableError(TransportError):
    """No connection, or a broken one."""

    kind = "unreachable"


class NoAnswerError(TransportError):
    """No answer within the time allowed."""

    kind = "timeout"


class HttpError(FlowError):
    """An answer whose status is an error."""

    kind = "http"


class AuthError(HttpError):
    """401 or 403."""

    kind = "auth"


class ResponseError(FlowError):
    """An answer that cannot be read."""

    kind = "response"


class RefusedError(FlowError):
    """The service understood the request and refused it."""

    kind = "refused"


class NotConvergedError(FlowError):
    """Written, but reads back different."""

    kind = "not_converged"


class UnknownOutcomeError(FlowError):
    """Sent without an answer: it may have happened."""

    kind = "unknown_outcome"

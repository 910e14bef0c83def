# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an exception of the HTTP library means for the request: never sent, lost on the way, or answered unreadably."""

from __future__ import annotations

import http.client
import re
import ssl
from dataclasses import dataclass

from urllib3 import exceptions as kinds

from .._change.errors import FlowError, InvalidError, NoAnswerError, ResponseError, UnreachableError

_OBJECT = re.compile(r"^(?:<[^>]*>|\w+Connection(?:Pool)?\(.*?\)): ")


@dataclass(frozen=True)
class Breakage:
    """Why there is no answer.

    ``received`` says that the service may have had the request; ``lost`` that its answer was
    on the way; ``retry`` that the same request may do better at once.
    """

    error_type: type[FlowError]
    what: str
    advice: str
    received: bool = False
    lost: bool = False
    retry: bool = False


def breakage(error: Exception, *, timeout: float) -> Breakage | None:
    """Return what an exception means; None for one that is not about the request. ``timeout`` in seconds."""
    cause = _cause(error)
    if isinstance(error, kinds.SSLError):
        return _tls(error, cause)
    if isinstance(error, kinds.LocationValueError):
        return Breakage(InvalidError, f"could not be sent ({cause})", "Check api_url.")
    if isinstance(error, (kinds.NewConnectionError, kinds.ConnectTimeoutError, kinds.ProxyError)):
        advice = "Check api_url, that the Ingest service is running there, and that nothing blocks the way."
        timed_out = not isinstance(error, (kinds.NewConnectionError, kinds.ProxyError))
        error_type = NoAnswerError if timed_out else UnreachableError
        return Breakage(error_type, f"could not be sent: {cause}", advice, retry=not timed_out)
    if isinstance(error, (kinds.DecodeError, ValueError, RecursionError)):
        what = f"was answered with what cannot be read ({cause})"
        return Breakage(ResponseError, what, "Check that api_url leads to the Ingest service.", received=True)
    if isinstance(error, kinds.TimeoutError) or "timed out" in cause.lower():
        advice = "Look at the service's log; raise api_timeout if it is slow."
        return Breakage(NoAnswerError, f"got no answer within {timeout:g} seconds", advice, received=True, lost=True)
    if isinstance(error, (kinds.HTTPError, http.client.HTTPException, OSError)):
        what = f"lost its answer ({cause})"
        return Breakage(UnreachableError, what, "Run the task again.", received=True, lost=True, retry=True)
    return None


def _tls(error: Exception, cause: str) -> Breakage:
    advice = "Check the certificate, ca_path, client_cert and validate_certs."
    if isinstance(_innermost(error), ssl.SSLCertVerificationError):
        return Breakage(UnreachableError, f"could not be sent: TLS failed ({cause})", advice)
    return Breakage(UnreachableError, f"got no answer: TLS failed ({cause})", advice, received=True, lost=True)


def _innermost(error: BaseException) -> BaseException:
    """Return the exception at the bottom; the outer ones repeat URLs and object addresses."""
    inner = getattr(error, "reason", None)
    if not isinstance(inner, BaseException):
        inner = next((arg for arg in reversed(error.args) if isinstance(arg, BaseException)), error.__cause__)
    return error if inner is None else _innermost(inner)


def _cause(error: BaseException) -> str:
    """Return what is at the bottom of an exception, in words."""
    error = _innermost(error)
    words = getattr(error, "strerror", None) or str(error.args[-1] if error.args else "")
    return _OBJECT.sub("", str(words)).rstrip(".") or type(error).__name__

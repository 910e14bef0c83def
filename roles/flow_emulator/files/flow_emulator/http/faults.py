# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults: what a test asks for in place of the real answers, or around them.

They last as long as the process.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Operation = Literal[
    "*",
    "save_source",
    "test_source",
    "get_source",
    "save_destination",
    "test_destination",
    "get_destination",
    "save_license",
    "get_license",
    "save_schedule",
    "get_schedule",
    "select_table",
    "list_tables",
    "extract",
]
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_OURS = frozenset({"content-length", "transfer-encoding", "connection"})


class Fault(BaseModel):
    """What happens to matching requests.

    With `status`, `body` or `body_base64`, the client gets that answer and the change is not made.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    operation: Operation = Field("*", description="An operation's name, or * for every request.")
    instance: str = Field("*", description="An instance's name, or * for all.")
    match: str | None = Field(None, description="Only requests whose decoded path contains this text.")
    skip: int = Field(0, ge=0, description="How many matching requests to leave alone first.")
    times: int | None = Field(None, ge=1, description="How many requests it then applies to; all if left out.")
    delay: float = Field(0, ge=0, le=3600, description="Seconds to wait before anything else.")
    drip: float = Field(0, ge=0, le=60, description="Seconds to wait between the bytes of the answer's body.")
    drop: Literal["before", "during", "after"] | None = Field(
        None,
        description="Close the TCP connection without an answer before or after the change is made, "
        "or during the answer, in the middle of its body.",
    )
    status: int | None = Field(None, ge=200, le=599, description="The answer's status; 200 where only a body is given.")
    headers: dict[str, str] = Field(default_factory=dict, description="Headers to add to the answer.")
    content_type: str | None = Field(
        None, description="The answer's Content-Type; application/json for a body given here."
    )
    body: str | None = Field(None, description="The answer's body as text.")
    body_base64: str | None = Field(None, description="The answer's body as bytes in base64.")

    @field_validator("body_base64")
    @classmethod
    def _is_base64(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                base64.b64decode(value, validate=True)
            except (binascii.Error, ValueError):
                raise ValueError("body_base64 is not base64") from None
        return value

    @model_validator(mode="after")
    def _headers_can_be_sent(self) -> Fault:
        for name, value in self.all_headers.items():
            if not _HEADER_NAME.fullmatch(name) or not value.isascii() or not value.isprintable():
                raise ValueError(f"the header {name!r} cannot be sent")
            if name in _OURS:
                raise ValueError(f"the server sets the header {name} itself; to cut an answer short, use drop: during")
        return self

    @property
    def all_headers(self) -> dict[str, str]:
        """The headers to add, with names in lower case."""
        named = {name.lower(): value for name, value in self.headers.items()}
        if self.content_type is not None:
            named["content-type"] = self.content_type
        return named

    @property
    def answers(self) -> bool:
        """Whether this fault brings its own answer."""
        return self.status is not None or self.body is not None or self.body_base64 is not None

    @property
    def answer(self) -> bytes:
        """The body of its own answer."""
        if self.body_base64 is not None:
            return base64.b64decode(self.body_base64)
        return (self.body or "").encode("utf-8", "surrogatepass")


class Faults:
    """The faults in force and how many requests each has seen."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._seen: list[int] = []

    @property
    def listed(self) -> list[Fault]:
        return self._faults

    def put(self, faults: list[Fault]) -> None:
        """Replace all faults and start their counts again."""
        self._faults = faults
        self._seen = [0] * len(faults)

    def clear(self, instance: str | None) -> None:
        """Forget all faults, or those of one instance."""
        kept = [
            f for f in zip(self._faults, self._seen, strict=True) if instance is not None and f[0].instance != instance
        ]
        self._faults = [fault for fault, _seen in kept]
        self._seen = [seen for _fault, seen in kept]

    def take(self, operation: str | None, instance: str, path: str) -> Fault | None:
        """Return the first fault that applies; every matching fault up to it counts the request."""
        for position, fault in enumerate(self._faults):
            if fault.operation not in ("*", operation) or fault.instance not in ("*", instance):
                continue
            if fault.match is not None and fault.match not in path:
                continue
            seen = self._seen[position] = self._seen[position] + 1
            if seen > fault.skip and (fault.times is None or seen <= fault.skip + fault.times):
                return fault
        return None

# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets are removed from texts in every spelling, and nothing else is."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from ansible_collections.singlestore.flow.plugins.module_utils._change.secrets import (
    CENSORED,
    inline_secrets,
    redactor,
    secret_values,
    shown_values,
    unknown_values,
)
from ansible_collections.singlestore.flow.tests.unit.support.spellings import SPELLERS, found
from hypothesis import given
from hypothesis import strategies as st

SECRETS = [
    "S3cr3t-word",
    "pass word&<é>1/2",
    "sl/ash+plus=",
    "quo\"te's",
    "back\\slash\\n",
    "tab\tand\nline",
    "ünïcödé-пароль-密码",
    "emoji🔑key",
    "%41%20already",
    "(*)!~'",
    "{braces}$(dollar)",
]


@pytest.mark.parametrize("speller", SPELLERS.values(), ids=SPELLERS)
def test_every_spelling_is_redacted(speller: Any) -> None:
    """A secret is removed in every spelling and place; the words around it stay."""
    for secret in SECRETS:
        redact = redactor([secret])
        spelled = speller(secret)
        assert found(secret, spelled)
        for text in (spelled, f"Access denied for {spelled}, sorry", f"pwd={spelled}&host=db.example.com"):
            shown = redact(text)
            assert not found(secret, shown), shown
            assert CENSORED in shown
            assert ("sorry" in shown) == ("sorry" in text)
            assert ("&host=db.example.com" in shown) == ("&host" in text)


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=6, max_size=20),
    st.sampled_from(sorted(SPELLERS)),
    st.text("abc=:/ ", max_size=5),
    st.text("abc=:/ ", max_size=5),
)
def test_any_secret_is_redacted(secret: str, name: str, before: str, after: str) -> None:
    """Any text may be a secret that a service echoes in any way."""
    text = f"{before} {SPELLERS[name](secret)} {after}"
    assert not found(secret, redactor([secret])(text)) or found(secret, f"{before} {CENSORED} {after}")


SPEC = {
    "password": {"no_log": True, "aliases": ["pwd"]},
    "update_password": {"no_log": False},
    "host": {},
    "source": {"options": {"password": {"no_log": True, "aliases": ["pwd"]}, "host": {}}},
    "keys": {"options": {"key": {"no_log": True}}},
}


@pytest.mark.parametrize(
    ("options", "secrets"),
    [
        ({"password": "a", "host": "h", "update_password": "auto", "other": "o"}, ["a"]),
        ({"password": "a", "pwd": "b"}, ["a", "b"]),
        ({"source": {"pwd": "a", "host": "h"}, "password": "b"}, ["b", "a"]),
        ({"keys": [{"key": "a"}, {"key": "b"}, {"other": "c"}]}, ["a", "b"]),
        ({"password": 1234}, ["1234"]),
        ({"password": 0}, ["0"]),
        ({"password": ["a", {"b": "c"}, None, True, 5]}, ["a", "c", "5"]),
        ({"password": {"a": "b", "c": ["d"]}}, ["b", "d"]),
        ({"password": None, "pwd": False}, []),
        ({"password": ""}, []),
        ({"host": {"any": "thing"}}, []),
        ({"source": "no dict", "keys": None}, []),
        ([{"password": "a"}, {"pwd": "b"}], ["a", "b"]),
        ("text", []),
        (None, []),
    ],
)
def test_values_of_secret_options_are_secrets(options: Any, secrets: list[str]) -> None:
    """Every value of a secret option counts, of any type, at any depth and under each alias."""
    assert list(secret_values(SPEC, options)) == secrets


@pytest.mark.parametrize(
    ("options", "values"),
    [
        ({"password": "a", "pwd": "b", "host": {"any": "thing"}}, []),
        ({"passwrd": "a", "host": "h"}, ["a"]),
        ({"passwrd": {"a": ["b", 5, True, None]}}, ["b", "5"]),
        ({"source": {"passwrd": "a", "host": "h", "pwd": "b"}}, ["a"]),
        ({"keys": [{"kye": "a"}, {"key": "b"}, "text"]}, ["a"]),
        ({"source": "no dict", "keys": None}, []),
        ([{"passwrd": "a"}], ["a"]),
        ("text", []),
    ],
)
def test_values_of_unknown_options_are_found(options: Any, values: list[str]) -> None:
    """A misspelled name may stand for a secret option, at any depth."""
    assert list(unknown_values(SPEC, options)) == values


URL = "jdbc:mysql://u:a@h/d"


@pytest.mark.parametrize(
    ("value", "secrets"),
    [
        (URL, ["a"]),
        ("jdbc:salesforce:User=u;Password=a", ["a"]),
        ("postgresql://u:a@h", ["a"]),
        ("note;password=a", []),
        ("https://h/?sig=abcd", ["abcd"]),
        ({"url": URL, "list": ["x", {"deep": "http://u:b@h"}]}, ["a", "b"]),
        ([URL, URL], ["a", "a"]),
        ({URL: "x"}, []),
        (None, []),
        (5, []),
        (True, []),
    ],
)
def test_passwords_in_urls_are_secrets(value: Any, secrets: list[str]) -> None:
    """Passwords in URLs count, in any option; other text is not searched."""
    assert list(inline_secrets(value)) == secrets


@pytest.mark.parametrize("lead", range(4))
@pytest.mark.parametrize("tail", range(4))
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_base64_is_redacted_at_each_alignment(encode: Any, lead: int, tail: int) -> None:
    """In longer base64, only those characters are removed that encode nothing but the secret."""
    secret = "S3cr3t>>>???word"
    text = encode(b"x" * lead + secret.encode() + b"y" * tail).decode()
    start, stop = -(-lead * 8 // 6), (lead + len(secret)) * 8 // 6
    if lead % 3 == 0 and not tail:
        stop = len(text)
    assert redactor([secret])(text) == text[:start] + CENSORED + text[stop:]


@pytest.mark.parametrize(
    ("secret", "text", "shown"),
    [
        ("abc", "alphabet abc YWJj aYWJja", f"alphabet {CENSORED} {CENSORED} a{CENSORED}a"),
        ("ab", "about ab YWI= YWI", f"{CENSORED}out {CENSORED} {CENSORED} {CENSORED}"),
        ("a b", "a+b a%20b a b a&#32;b", " ".join([CENSORED] * 4)),
        ("a'b", "a&apos;b a\\'b a&#x27;b", " ".join([CENSORED] * 3)),
        ("\x80", "%C2%80 \\u0080 \\x80 \\\\x80", " ".join([CENSORED] * 4)),
        ("\u0100", "\\u0100 \\x100", f"{CENSORED} \\x100"),
        ("\uffff", "\\uffff \\U0000ffff", f"{CENSORED} \\U0000ffff"),
        ("\U00010000", "\\ud800\\udc00 \\U00010000", f"{CENSORED} {CENSORED}"),
        ("\ud800", "\\ud800 %ED%A0%80 \ud800 7aCA", " ".join([CENSORED] * 4)),
        ("abW", "YWJX YWJy", f"{CENSORED} YWJy"),
        ("abcd", "YWJjZHl5", "YWJjZHl5"),
        ("abcde", "YWJjZGV5", f"{CENSORED}V5"),
        ("🔑", "\\ud83d\\udd11 \\U0001f511", f"{CENSORED} {CENSORED}"),
        ("-+-", "-+- nothing else", f"{CENSORED} nothing else"),
        ("a%b", "A%b a%b", f"A%b {CENSORED}"),
    ],
)
def test_each_spelling_of_a_character_is_redacted(secret: str, text: str, shown: str) -> None:
    """Each spelling of a character is removed, and no other text."""
    assert redactor([secret])(text) == shown


def test_several_secrets_are_redacted() -> None:
    """Secrets inside each other and next to each other are all removed."""
    redact = redactor(["secret", "secret-and-more", "other"])
    assert redact("secret-and-more, secret, othersecret") == f"{CENSORED}, {CENSORED}, {CENSORED}{CENSORED}"


def test_redaction_keeps_the_shape() -> None:
    """Only texts change; keys, numbers and nulls stay."""
    value = {"msg": "a secret", "list": ["secret", 1, None, True, {"deep": ("secret", 2.5)}]}
    expected = {"msg": f"a {CENSORED}", "list": [CENSORED, 1, None, True, {"deep": [CENSORED, 2.5]}]}
    assert redactor(["secret"])(value) == expected


@pytest.mark.parametrize("secret", ["changed", "msg", "failed", "kind", "e"])
def test_secret_equal_to_a_key_keeps_the_key(secret: str) -> None:
    """A password that equals a key of the result does not remove that key."""
    result = {"changed": False, "msg": "x", "failed": True, "failure": {"kind": "http", "method": "GET"}}
    assert json.dumps(list(redactor([secret])(result))) == json.dumps(list(result))
    assert list(redactor([secret])(result)["failure"]) == ["kind", "method"]


def test_secret_is_known_without_surrounding_white_space() -> None:
    """A secret pasted with a trailing line break is also known without it."""
    assert redactor([" K3y-from-a-mail\n"])("K3y-from-a-mail") == CENSORED


def test_nothing_is_redacted_without_secrets() -> None:
    """Without secrets nothing changes; an empty text is not a secret."""
    value = {"a": ["b", None]}
    assert redactor([])(value) == value
    assert redactor([""])("text") == "text"


@given(st.text(min_size=1), st.text())
def test_any_text_is_redacted_in_one_pass(secret: str, text: str) -> None:
    """Any text is redacted in one pass, for any secret."""
    redact = redactor([secret])
    assert isinstance(redact(text), str)
    assert secret not in redact(text).replace(CENSORED, "") or secret in CENSORED


PARTLY: dict[str, Any] = {
    "password": {"type": "str", "no_log": True},
    "extra": {"type": "dict", "no_log": True},
    "extra_shown": {"type": "list"},
}
NESTED: dict[str, Any] = {"source": {"type": "dict", "options": PARTLY}, "many": {"type": "list", "options": PARTLY}}


@pytest.mark.parametrize(
    ("options", "secrets", "shown"),
    [
        ({"extra": {"a": "1a", "b": "2b"}}, {"1a", "2b"}, set()),
        ({"extra": {"a": "1a", "b": "2b"}, "extra_shown": None}, {"1a", "2b"}, set()),
        ({"extra": {"a": "1a", "b": "2b"}, "extra_shown": ["b", "c"]}, {"1a"}, {"2b"}),
        ({"extra": {"a": "1a", "b": "2b"}, "extra_shown": "b, c"}, {"1a"}, {"2b"}),
        ({"extra": {"a": "1a", "b": "1a"}, "extra_shown": ["b"]}, {"1a"}, set()),
        ({"extra": {"b": "2b"}, "extra_shown": ["b"], "password": "2b"}, {"2b"}, set()),
        ({"extra": "a=1a", "extra_shown": ["a"]}, {"a=1a"}, set()),
        ({"extra": {"a": "1a"}, "extra_shown": 7}, {"1a"}, set()),
        ({"extra": None, "extra_shown": ["a"]}, set(), set()),
    ],
)
def test_shown_keys_of_a_secret_dictionary_are_not_secret(options: Any, secrets: set[str], shown: set[str]) -> None:
    """The rest of it is, and so is a value that is secret elsewhere."""
    for spec, whole in ((PARTLY, options), (NESTED, {"source": options}), (NESTED, {"many": [options]})):
        assert set(secret_values(spec, whole)) == secrets
        assert shown_values(spec, whole) == shown

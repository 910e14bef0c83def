# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What running a module inside the worker takes from ansible-core's own insides, version by version."""

from __future__ import annotations

import io
import json
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from typing import Any

from ansible.module_utils import basic
from ansible.module_utils.common import json as ansible_json
from ansible.module_utils.common import warnings as ansible_warnings

TAGS_DATA = hasattr(ansible_json, "Direction")
"""ansible-core 2.19 and newer: what crosses between controller and module is tagged, in a profile."""
PROFILE = "legacy"

if TAGS_DATA:
    from ansible.module_utils import _internal

    # Both profiles are loaded here, in the parent, and not in each worker.
    ENCODER = ansible_json.get_module_encoder(PROFILE, ansible_json.Direction.CONTROLLER_TO_MODULE)
    ansible_json.get_module_decoder(PROFILE, ansible_json.Direction.MODULE_TO_CONTROLLER)
else:
    from ansible.utils.unsafe_proxy import wrap_var

try:
    from ansible._internal._task import UnifiedTaskResult
except ImportError:
    pass
else:  # ansible-core 2.21: the same for how a result is read
    UnifiedTaskResult.from_module_result_dict({})
    UnifiedTaskResult.from_action_result_dict({})


def result_of(action: Any, printed: dict[str, Any]) -> dict[str, Any]:
    """Return the result that an action makes of what a module has printed, as if it came over a connection."""
    data = action._parse_returned_data(printed, PROFILE) if TAGS_DATA else action._parse_returned_data(printed)
    if not isinstance(data, dict):  # ansible-core 2.21
        data.remove_internal_keys()
        return data.as_result_dict(for_round_trip=True)
    from ansible.vars.clean import remove_internal_keys

    remove_internal_keys(data)
    return data if TAGS_DATA else wrap_var(data)


def printed(main: Callable[[], None], arguments: dict[str, Any]) -> dict[str, Any]:
    """Call a module's main and return ``{stdout, stderr, rc}`` as a process would have left them."""
    stdout, stderr, code = io.StringIO(), io.StringIO(), 0
    with _as_module(arguments), redirect_stdout(stdout), redirect_stderr(stderr):
        try:
            main()
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        except Exception:
            traceback.print_exc()
            code = 1
    return {"stdout": stdout.getvalue(), "stderr": stderr.getvalue(), "rc": code}


@contextmanager
def _as_module(arguments: dict[str, Any]) -> Iterator[None]:
    """Hand arguments to the next AnsibleModule, and keep its warnings for its result."""
    if TAGS_DATA:
        encoded = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}, cls=ENCODER)
        replaced = [(basic, "_ANSIBLE_PROFILE", PROFILE), (_internal, "is_controller", False)]
    else:
        encoder = ansible_json.AnsibleJSONEncoder
        encoded = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}, cls=encoder, vault_to_text=True)
        replaced = []
    replaced.append((basic, "_ANSIBLE_ARGS", encoded.encode()))
    for name in ("_global_warnings", "_global_deprecations"):
        replaced.append((ansible_warnings, name, type(getattr(ansible_warnings, name))()))
    with ExitStack() as stack:
        for owner, name, value in replaced:
            stack.enter_context(_replaced(owner, name, value))
        yield


@contextmanager
def _replaced(owner: Any, name: str, value: Any) -> Iterator[None]:
    kept = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, kept)

# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sphinx settings for the documentation site; build.sh uses them."""

from __future__ import annotations

import os
from typing import Any

from docutils import nodes

project = "singlestore.flow"
author = "the singlestore.flow authors"
copyright = f"2026, {author}"
html_title = html_short_title = "singlestore.flow"

extensions = ["sphinx_antsibull_ext"]
html_theme = "sphinx_ansible_theme"
pygments_style = "ansible"
highlight_language = "YAML+Jinja"
default_role = "any"
nitpicky = True

html_show_sphinx = False
html_use_index = False
html_copy_source = False
html_extra_path = [os.environ["FLOW_OPENAPI"]]

ANSIBLE = "https://docs.ansible.com/projects/ansible/latest"
ELSEWHERE = {
    "action_plugins": f"{ANSIBLE}/plugins/action.html",
    "ansible_configuration_settings": f"{ANSIBLE}/reference_appendices/config.html",
    "common_return_values": f"{ANSIBLE}/reference_appendices/common_return_values.html",
}
"""Labels of Ansible's own documentation that the generated pages use; a table, so that the site builds offline."""


def resolve(_app: Any, _environment: Any, node: Any, content: nodes.Node) -> nodes.reference | None:
    """Return a link to Ansible's documentation for a label in ELSEWHERE."""
    address = ELSEWHERE.get(node["reftarget"])
    return nodes.reference("", "", content, refuri=address, internal=False) if address else None


def setup(app: Any) -> None:
    """Resolve labels that Sphinx does not know."""
    app.connect("missing-reference", resolve)

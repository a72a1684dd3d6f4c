# Switchboard in a container. It wants a PostgreSQL of its own beside it: see compose.yaml.

FROM rust:1-bookworm AS build
# Node.js and npm fetch and pack the assets; libssl-dev and pkg-config are there already.
COPY --from=node:22-bookworm-slim /usr/local/bin /usr/local/bin
COPY --from=node:22-bookworm-slim /usr/local/lib/node_modules /usr/local/lib/node_modules
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked && cp target/release/switchboard /switchboard

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libssl3 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/switchboard --create-home switchboard
COPY --from=build /switchboard /usr/local/bin/switchboard
USER switchboard
WORKDIR /var/lib/switchboard
VOLUME /var/lib/switchboard
ENV SWITCHBOARD_BIND=0.0.0.0:8080 SWITCHBOARD_DATA_DIR=/var/lib/switchboard LOG_FORMAT=json
EXPOSE 8080
ENTRYPOINT ["switchboard"]
CMD ["serve"]

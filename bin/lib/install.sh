# shellcheck shell=bash
# What the programs in bin/ need from the machine: what is missing is installed with apt, or named where there is none.

need_for_build() {
  need "a C compiler" "gcc libc6-dev" has cc
  need "pkg-config" "pkg-config" has pkg-config
  need "the headers of OpenSSL" "libssl-dev" has_openssl
  need "Node.js 18 or newer" "nodejs" has_node
  need "npm" "npm" has npm
  need "the PostgreSQL server, release 15 or newer" "postgresql" has_postgresql
}

need_for_browser() {
  need "Chromium" "$(first_package chromium chromium-browser)" has chromium chromium-browser google-chrome
  need "chromedriver" "$(first_package chromium-driver chromium-chromedriver)" has chromedriver
}

# install LIST...: makes sure of every need in the lists; quick when there is nothing to do.
install() {
  require_rust
  list_missing "$@"
  if [ ${#missing[@]} -gt 0 ] && has apt-get; then
    apt_install
    list_missing "$@"
  fi
  if [ ${#missing[@]} -gt 0 ]; then
    printf 'Missing on this machine, please install: %s.\n' "${missing[@]}" >&2
    exit 1
  fi
}

# Without it the tests run too, only slower and one program after the other.
install_nextest() {
  has cargo-nextest && return
  echo "Installing cargo-nextest, which runs the tests ..."
  # Its own profile is made for speed at run time; ours is short, so its compilation is what counts.
  CARGO_PROFILE_DEV_DEBUG=0 cargo install --locked --debug --no-default-features --features default-no-update \
    cargo-nextest || echo "cargo-nextest cannot be installed; the tests will run with cargo test." >&2
}

require_rust() {
  if ! has cargo; then
    echo "Missing on this machine, please install: Rust (https://rustup.rs)." >&2
    exit 1
  fi
}

list_missing() {
  missing=() packages=()
  local list
  for list in "$@"; do "$list"; done
}

# need WORDS PACKAGES CHECK...
need() {
  local words=$1 names=$2
  shift 2
  if ! "$@" >/dev/null 2>&1; then
    missing+=("$words")
    read -ra names <<<"$names"
    packages+=("${names[@]}")
  fi
}

apt_install() {
  local root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! has sudo; then
      echo "Please run as root: apt-get install ${packages[*]}" >&2
      exit 1
    fi
    root=(sudo)
  fi
  echo "Installing ${packages[*]} ..."
  "${root[@]}" apt-get update -qq
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"
}

# has COMMAND...: whether one of them is there.
has() {
  local command
  for command in "$@"; do
    if command -v "$command" >/dev/null; then return 0; fi
  done
  return 1
}

has_openssl() {
  pkg-config --exists openssl
}

has_node() {
  [ "$(node --version | sed 's/^v\([0-9]*\).*/\1/')" -ge 18 ]
}

# The same places, in short, where the program itself looks (src/kit/embedded/programs.rs).
has_postgresql() {
  local initdb release
  for initdb in ${PG_BIN_DIR:+"$PG_BIN_DIR/initdb"} "$(command -v initdb)" /usr/lib/postgresql/*/bin/initdb \
    /opt/homebrew/opt/postgresql@*/bin/initdb /usr/local/opt/postgresql@*/bin/initdb /usr/local/pgsql/bin/initdb; do
    release=$("$initdb" --version 2>/dev/null | sed 's/^[^0-9]*\([0-9]*\).*/\1/')
    if [ "${release:-0}" -ge 15 ]; then return 0; fi
  done
  return 1
}

# first_package NAME...: the first one that apt knows (Debian and Ubuntu differ), else the first.
first_package() {
  local name
  if has apt-cache; then
    for name in "$@"; do
      if apt-cache show "$name" >/dev/null 2>&1; then
        echo "$name"
        return
      fi
    done
  fi
  echo "$1"
}

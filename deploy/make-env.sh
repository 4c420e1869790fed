#!/bin/sh
# Writes .env (or the file named) from .env.example with new passwords and tokens, and prints your own token once.
set -eu
cd "$(dirname "$0")/.."
target=${1:-.env}

if [ -e "$target" ]; then
  echo "$target is there already, and its passwords are those of your data; move it away to start anew." >&2
  exit 1
fi

secret() { od -An -v -N32 -tx1 /dev/urandom | tr -d ' \n'; }
sha256() {
  if command -v sha256sum > /dev/null; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1
}

token=earshot_$(secret)
metrics_token=earshot_$(secret)
umask 077
sed \
  -e "s/^CLICKHOUSE_PASSWORD=\$/&$(secret)/" \
  -e "s/^CLICKHOUSE_READ_PASSWORD=\$/&$(secret)/" \
  -e "s/^EARSHOT_TOKEN_SHA256=\$/&$(printf %s "$token" | sha256)/" \
  -e "s/^EARSHOT_METRICS_TOKEN=\$/&$metrics_token/" \
  -e "s/^EARSHOT_METRICS_TOKEN_SHA256=\$/&$(printf %s "$metrics_token" | sha256)/" \
  -e "s/^GRAFANA_PASSWORD=\$/&$(secret)/" \
  .env.example > "$target"

echo "$target is written. Your token, shown once: $token"

# Sourced by the other scripts: installs from Debian's packages what is missing, and nothing that is there.
set -euo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export CCACHE_DIR="${CCACHE_DIR:-$ROOT/build/ccache}" CMAKE_CXX_COMPILER_LAUNCHER=ccache CMAKE_C_COMPILER_LAUNCHER=ccache

BUILD_PACKAGES=(g++ cmake ninja-build ccache pkg-config libboost1.81-dev libabsl-dev libsqlite3-dev libsodium-dev libxxhash-dev libcsv-dev libcli11-dev libjs-chart.js libkainjow-mustache-dev tzdata ca-certificates)
TEST_PACKAGES=(libgtest-dev libgmock-dev librapidcheck-dev libbenchmark-dev libical-dev python3 python3-venv sqlite3 binutils chromium fonts-droid-fallback)
LONG_PACKAGES=(clang-14 libclang-rt-14-dev)

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

need_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  echo "installing ${missing[*]}"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# step "what" command...: says what it does and how long it took.
step() {
  local what="$1" begin end
  shift
  echo "== $what"
  begin=$(date +%s.%N)
  "$@"
  end=$(date +%s.%N)
  awk -v a="$begin" -v b="$end" 'BEGIN { printf "   (%.1f s)\n", b - a }'
}

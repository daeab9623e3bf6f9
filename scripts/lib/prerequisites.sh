# Sourced by the scripts beside it: checks for Swift and installs Debian packages that are missing.

fail() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  exit 1
}

# Swift 6.2 or later, which no Debian package brings and Package.swift asks for.
require_swift() {
  command -v swift >/dev/null 2>&1 ||
    fail "no swift in PATH; install Swift 6.2 for Debian 12 from https://www.swift.org/install"
  local version
  version=$(swift --version 2>&1 | sed -nE 's/.*Swift version ([0-9]+)\.([0-9]+).*/\1 \2/p' | head -n 1)
  local major=${version% *} minor=${version#* }
  [ "${major:-0}" -gt 6 ] || { [ "${major:-0}" -eq 6 ] && [ "${minor:-0}" -ge 2 ]; } ||
    fail "Swift 6.2 is needed, this is $(swift --version 2>&1 | head -n 1)"
}

# require_packages NAME... : installs those that are missing, and says so.
require_packages() {
  local missing=() name
  for name in "$@"; do
    dpkg-query -W -f '${db:Status-Status}\n' "$name" 2>/dev/null | grep -qx installed || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null 2>&1 ||
    fail "these Debian packages are missing and there is no apt-get to install them: ${missing[*]}"
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 ||
      fail "these Debian packages are missing; run this as root, or install sudo: ${missing[*]}"
    as_root=(sudo)
  fi
  printf 'Installing with apt-get: %s\n' "${missing[*]}"
  "${as_root[@]}" apt-get update -qq || fail "apt-get update failed; see above"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    fail "apt-get could not install ${missing[*]}; see above"
}

# What lamctl is built with, and what runs the example functions.
require_lamctl_prerequisites() {
  require_swift
  local packages=(libcurl4-openssl-dev libssl-dev zlib1g-dev)
  command -v python3 >/dev/null 2>&1 || packages+=(python3)
  command -v node >/dev/null 2>&1 || packages+=(nodejs)
  command -v git >/dev/null 2>&1 || packages+=(git)
  require_packages "${packages[@]}"
}

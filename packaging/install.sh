#!/bin/sh
# Installs ccr from an archive for one user: install.sh [--prefix FOLDER] ARCHIVE
# ARCHIVE is a file or an https URL; SHA256SUMS has to lie beside it. By default ccr goes to
# ~/.local/lib, and ~/.local/bin/ccr leads there. Nothing is installed that does not fit its sum.
set -eu

prefix=${HOME:-}/.local
work=

main() {
  if [ "${1-}" = --prefix ] && [ $# -ge 2 ]; then
    prefix=$2
    shift 2
  fi
  if [ $# -ne 1 ] || [ "${1#-}" != "$1" ]; then
    echo "usage: install.sh [--prefix FOLDER] ARCHIVE" >&2
    echo "ARCHIVE: ccr-VERSION-SYSTEM.tar.gz, a file or an https URL, with SHA256SUMS beside it" >&2
    exit 2
  fi
  case $prefix in
    /*) ;;
    *) fail "--prefix: $prefix (expected: an absolute path)" ;;
  esac
  trap leave EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  work=$(mktemp -d "${TMPDIR:-/tmp}/ccr-install.XXXXXX")
  name=${1##*/}
  case $name in
    ccr-*.tar.gz) ;;
    *) fail "$name (expected: ccr-VERSION-SYSTEM.tar.gz)" ;;
  esac
  fetch "$1" "$work/$name"
  fetch "${1%"$name"}SHA256SUMS" "$work/SHA256SUMS"
  verify
  install "${name%.tar.gz}"
}

fail() {
  echo "install.sh: $1" >&2
  exit 1
}

leave() {
  [ -z "$work" ] || rm -rf "$work"
}

# fetch FROM FILE
fetch() {
  case $1 in
    https://*)
      if command -v curl >/dev/null; then
        curl --proto =https --proto-redir =https --tlsv1.2 -fsSL -o "$2" "$1" ||
          fail "$1: cannot be fetched"
      elif command -v wget >/dev/null; then
        wget --https-only -q -O "$2" "$1" || fail "$1: cannot be fetched"
      else
        fail "curl or wget: not there (expected: one of them, to fetch $1)"
      fi
      ;;
    http://*) fail "$1 (expected: https)" ;;
    *)
      [ -f "$1" ] || fail "$1: no such file"
      cp "$1" "$2"
      ;;
  esac
}

verify() {
  wanted=$(sed -n "s:^\([0-9a-f]\{64\}\) [ *]\(\./\)\{0,1\}$name\$:\1:p" "$work/SHA256SUMS")
  [ -n "$wanted" ] || fail "SHA256SUMS: $name is not in it"
  if command -v sha256sum >/dev/null; then
    sum=$(sha256sum <"$work/$name")
  else
    sum=$(shasum -a 256 <"$work/$name")
  fi
  [ "${sum%% *}" = "$wanted" ] ||
    fail "$name: its sum is ${sum%% *} (expected: $wanted). It is damaged, or not what was published."
}

# install NAME: puts the new one beside those that are there, and then lets the link lead to it.
install() {
  tar -C "$work" -xzf "$work/$name"
  "$work/$1/bin/ccr" --version >/dev/null 2>&1 ||
    fail "$1: does not run on this machine ($(uname -s) $(uname -m))"
  mkdir -p "$prefix/lib" "$prefix/bin"
  rm -rf "$prefix/lib/$1.new"
  cp -Rp "$work/$1" "$prefix/lib/$1.new"
  rm -rf "${prefix:?}/lib/$1"
  mv "$prefix/lib/$1.new" "$prefix/lib/$1"
  ln -sf "../lib/$1/bin/ccr" "$prefix/bin/ccr.new"
  mv -f "$prefix/bin/ccr.new" "$prefix/bin/ccr"
  echo "Installed $("$prefix/bin/ccr" --version) in $prefix/lib/$1."
  case :$PATH: in
    *":$prefix/bin:"*) echo "Next: ccr config init" ;;
    *) echo "Next: add $prefix/bin to your PATH, then: ccr config init" ;;
  esac
}

main "$@"

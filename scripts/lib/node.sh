# shellcheck shell=bash
# need_node: fails, saying what to install, unless node (20 or newer) and npm are there.

NODE_NEEDED=20

need_node() {
  local version
  if ! command -v node >/dev/null; then
    echo "node: not on the PATH (expected: version $NODE_NEEDED or newer)." >&2
  elif version=$(node -p 'process.versions.node') && [ "${version%%.*}" -lt "$NODE_NEEDED" ]; then
    echo "node: version $version (expected: $NODE_NEEDED or newer)." >&2
  elif ! command -v npm >/dev/null; then
    echo "npm: not on the PATH (expected: the one that comes with Node.js)." >&2
  else
    return 0
  fi
  echo "Install Node.js $NODE_NEEDED or newer with npm (https://nodejs.org) and run this again." >&2
  return 1
}

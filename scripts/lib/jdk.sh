# shellcheck shell=bash
# find_jdk: prints the home of a JDK 25 or newer, or says what to install and fails.

JDK_NEEDED=25

# jdk_version HOME: prints the feature version of the JDK there, or nothing.
jdk_version() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

find_jdk() {
  local dir version
  local candidates=("${JAVA_HOME:-}" "${JAVA25_HOME:-}" "${JAVA_HOME_25_X64:-}")
  for dir in /usr/lib/jvm/* "${HOME:-/nonexistent}"/.sdkman/candidates/java/* \
    "${HOME:-/nonexistent}"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    candidates+=("$dir")
  done
  for dir in "${candidates[@]}"; do
    [ -n "$dir" ] || continue
    version=$(jdk_version "$dir")
    if [ -n "$version" ] && [ "$version" -ge "$JDK_NEEDED" ]; then
      printf '%s\n' "$dir"
      return 0
    fi
  done
  {
    echo "ccr needs a JDK $JDK_NEEDED or newer, and there is none in JAVA_HOME, JAVA25_HOME,"
    echo "/usr/lib/jvm, ~/.sdkman or ~/.jdks."
    echo "Install one, for example Temurin $JDK_NEEDED (https://adoptium.net), or set JAVA25_HOME."
  } >&2
  return 1
}

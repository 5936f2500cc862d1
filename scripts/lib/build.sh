# shellcheck shell=bash
# build_if_older ROOT MODULE JAR [FLAG]: builds MODULE if JAR is missing or older than a source.
# FLAG says what of the tests is built: nothing by default.

build_if_older() {
  local root=$1 module=$2 jar=$3 flag=${4:--Dmaven.test.skip=true}
  local sources=("$root"/*/src/main)
  [ "$flag" = -Dmaven.test.skip=true ] || sources=("$root"/*/src)
  if [ -f "$jar" ] && [ -z "$(find "$root/pom.xml" "$root"/*/pom.xml "${sources[@]}" \
    -newer "$jar" -print -quit)" ]; then
    return 0
  fi
  echo "building ccr (the first time takes a minute or two) ..." >&2
  if ! (cd "$root" && ./mvnw -B -q "$flag" -pl "$module" -am package) >&2; then
    echo "ccr could not be built: the lines above say why." >&2
    return 1
  fi
  touch "$jar"
}

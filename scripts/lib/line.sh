# shellcheck shell=bash
# A mock upstream and a router in front of it, for scripts that need a whole line. They call
# end_line when they leave.
#
# shellcheck disable=SC2154 # work: a folder of the script

LINE_SECONDS=60

mock_pid=
router_pid=

# start_mock COMMAND...: runs the mock, and sets mock_port. It ends when this shell does.
start_mock() {
  local line
  mkfifo "$work/mock.in" "$work/mock.out"
  "$@" <"$work/mock.in" >"$work/mock.out" 2>"$work/mock.err" &
  mock_pid=$!
  exec 3>"$work/mock.in" 4<"$work/mock.out"
  if ! read -r -t "$LINE_SECONDS" line <&4; then
    echo "the mock upstream did not start; it wrote:" >&2
    cat "$work/mock.err" >&2
    return 1
  fi
  mock_port=$(port_in "$line")
}

# start_router COMMAND...: runs the router, and sets router_pid and router_port.
start_router() {
  local line
  rm -f "$work/router.out"
  mkfifo "$work/router.out"
  "$@" 3>&- 4<&- >"$work/router.out" 2>"$work/router.log" &
  router_pid=$!
  exec 5<"$work/router.out"
  if ! read -r -t "$LINE_SECONDS" line <&5; then
    echo "the router did not start; its log:" >&2
    cat "$work/router.log" >&2
    return 1
  fi
  router_port=$(port_in "$line")
}

# stop_router: asks it to end, and waits for that.
stop_router() {
  local status=0
  kill "$router_pid"
  wait "$router_pid" || status=$?
  router_pid=
  if [ "$status" -ne 143 ]; then # 128 + SIGTERM
    echo "the router ended with $status (expected: 143); its log:" >&2
    cat "$work/router.log" >&2
    return 1
  fi
}

# end_line: ends what still runs, by force if that takes more than 20 s.
end_line() {
  local pid watch
  for pid in $router_pid $mock_pid; do
    kill "$pid" 2>/dev/null || continue
    (sleep 20 && kill -9 "$pid") >/dev/null 2>&1 &
    watch=$!
    wait "$pid" 2>/dev/null || true # it tells of the signal
    kill "$watch" 2>/dev/null || true
  done
}

# port_in LINE: prints the number at its end, which nothing but a brace may follow.
port_in() {
  local port=${1%\}}
  port=${port##*:}
  case $port in
    '' | *[!0-9]*)
      echo "a first line without a port: $1" >&2
      return 1
      ;;
  esac
  printf '%s\n' "$port"
}

# write_config FILE: a configuration with both formats of the mock.
write_config() {
  local mock=http://127.0.0.1:$mock_port
  (umask 077 && cat >"$1") <<EOF
{
  "Providers": [
    {
      "name": "openai",
      "api_base_url": "$mock/v1/chat/completions",
      "api_key": "openai-key",
      "models": ["hello", "tool"]
    },
    {
      "name": "anthropic",
      "api_base_url": "$mock/v1/messages",
      "api_key": "anthropic-key",
      "models": ["hello"]
    }
  ],
  "Router": { "default": "openai,hello" }
}
EOF
}

# health: prints the router's answer to GET /health, with its head.
health() {
  exchange "GET /health HTTP/1.1"
}

# message MODEL STREAM: asks the router for a message, and prints its answer with its head.
message() {
  exchange "POST /v1/messages HTTP/1.1" "{\"model\":\"$1\",\"stream\":$2,\"max_tokens\":64,\
\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}],\
\"tools\":[{\"name\":\"get_weather\",\"description\":\"The weather of a city.\",\
\"input_schema\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}}]}"
}

# exchange LINE [BODY]: the shell's own sockets do, so that nothing has to be installed.
exchange() {
  local body=${2-}
  exec 6<>"/dev/tcp/127.0.0.1/$router_port"
  printf '%s\r\nhost: 127.0.0.1:%s\r\nconnection: close\r\n' "$1" "$router_port" >&6
  printf 'content-type: application/json\r\ncontent-length: %d\r\n\r\n%s' "${#body}" "$body" >&6
  timeout 60 cat <&6 || echo "the answer is not whole after 60 s" >&2
  exec 6>&-
}

# expect WHAT TEXT: reads its input, and fails unless it contains TEXT.
expect() {
  local input
  input=$(cat)
  case $input in
    *"$2"*) ;;
    *)
      printf '%s: "%s" is missing in:\n%s\n' "$1" "$2" "$input" >&2
      return 1
      ;;
  esac
}

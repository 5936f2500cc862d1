# shellcheck shell=bash
# nginx with one worker in front of an upstream, for scripts that compare with it. They call
# end_nginx when they leave.
#
# shellcheck disable=SC2154 # work: a folder of the script

NGINX_SECONDS=10

nginx_pid=
nginx_worker=
nginx_port=

# need_nginx: fails, saying what to install, unless nginx is there.
need_nginx() {
  PATH=$PATH:/usr/sbin command -v nginx || {
    echo "nginx: not on the PATH. Install it (apt-get install nginx) and run this again." >&2
    return 1
  }
}

# free_port: prints a port that nobody listens on.
free_port() {
  local port
  for ((port = 20000 + RANDOM % 10000; port < 32000; port++)); do
    if ! (exec 6<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      printf '%s\n' "$port"
      return 0
    fi
  done
  echo "no free port from 20000 to 32000" >&2
  return 1
}

# start_nginx PROGRAM UPSTREAM CA: runs it in front of the upstream's port, which takes TLS for
# paths under /tls/; sets nginx_pid, nginx_worker and nginx_port.
start_nginx() {
  local end=$((SECONDS + NGINX_SECONDS))
  nginx_port=$(free_port)
  mkdir -p "$work/nginx"
  nginx_config "$nginx_port" "$2" "$3" >"$work/nginx/nginx.conf"
  "$1" -p "$work/nginx" -c nginx.conf -e "$work/nginx/error.log" 3>&- 4<&- &
  nginx_pid=$!
  until (exec 6<>"/dev/tcp/127.0.0.1/$nginx_port") 2>/dev/null &&
    nginx_worker=$(tr -d ' ' <"/proc/$nginx_pid/task/$nginx_pid/children") &&
    [ -n "$nginx_worker" ]; do
    if [ "$SECONDS" -gt "$end" ] || ! kill -0 "$nginx_pid" 2>/dev/null; then
      echo "nginx did not start; its log:" >&2
      cat "$work/nginx/error.log" >&2
      return 1
    fi
    sleep 0.1
  done
}

# nginx_config PORT UPSTREAM CA: prints a configuration. Bodies are buffered, as by default, and in
# memory; answers are handed on as they come.
nginx_config() {
  if [ "$(id -u)" -eq 0 ]; then
    echo "user root;" # it writes into a folder of root's
  fi
  cat <<END
daemon off;
worker_processes 1;
worker_rlimit_nofile $(ulimit -n);
pid nginx.pid;
events {
  worker_connections $(ulimit -n);
}
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  keepalive_timeout 600s;
  keepalive_requests 1000000000;
  client_max_body_size 32m;
  client_body_buffer_size 4m;
  upstream plain {
    server 127.0.0.1:$2;
    keepalive 256;
    keepalive_requests 1000000000;
  }
  upstream encrypted {
    server 127.0.0.1:$2;
    keepalive 256;
    keepalive_requests 1000000000;
  }
  server {
    listen 127.0.0.1:$1 backlog=4096;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_buffering off;
    proxy_read_timeout 600s;
    location / {
      proxy_pass http://plain;
    }
    location /tls/ {
      proxy_pass https://encrypted/;
      proxy_ssl_trusted_certificate $3;
      proxy_ssl_verify on;
      proxy_ssl_name localhost;
      proxy_ssl_protocols TLSv1.2 TLSv1.3;
    }
  }
}
END
}

# end_nginx: ends it, if it runs.
end_nginx() {
  if [ -n "$nginx_pid" ] && kill "$nginx_pid" 2>/dev/null; then
    wait "$nginx_pid" 2>/dev/null || true
  fi
}

# What the measurements of servers have in common; read by them, not run.
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
cd "$here/../.."
command -v wrk >/dev/null || { echo "This needs wrk. Install it (on Debian: apt-get install wrk)." >&2; exit 1; }
[ -n "${JAVA_HOME:-}" ] || { echo "Point JAVA_HOME to a JDK 25 or newer." >&2; exit 1; }
mvn -q -B -ntp -pl proof/benchmark -am package -Dmaven.test.skip=true >&2

port=${PORT:-28080}
folder=$(mktemp -d)
processes=
finish() {
  for process in $processes; do kill "$process" 2>/dev/null || true; done
  wait
  rm -rf "$folder"
}
trap finish EXIT INT TERM

# java main-class name argument...: starts a program in a folder of its own, and waits until it is ready; its process id
# is left in $process
java_main() {
  main=$1
  name=$2
  shift 2
  mkdir "$folder/$name"
  "$JAVA_HOME/bin/java" $(cat "$here/../../build/jvm.options") ${HEAP:-} -cp "$here/target/classes:$here/target/lib/*" \
    "dev.patron.benchmark.$main" "$folder/$name" "$@" >"$folder/$name/log" 2>&1 &
  process=$!
  processes="$processes $process"
  until [ -e "$folder/$name/ready" ]; do
    kill -0 "$process" 2>/dev/null || { echo "It did not start:" >&2; cat "$folder/$name/log" >&2; exit 1; }
    sleep 0.1
  done
}

# server name port argument...: a Patron, with what the environment says beside
server() {
  export PATRON_DATA="$folder/$1/data" PATRON_STOREFRONT_PORT="$2" PATRON_CONSOLE_PORT=$(($2 + 1))
  # A few sessions ask for all tokens.
  export PATRON_ISSUING_TOKENS_PER_MINUTE=0
  # One client asks for everybody.
  export PATRON_HTTP_MAX_IN_FLIGHT_PER_ADDRESS=64
  export PATRON_MASTER_KEY=5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c
  name=$1
  shift 2
  java_main EndpointServer "$name" "$@"
}

# load requests-of seconds port...: tokens a second and the slowest node's 99th percentile in milliseconds
load() {
  requests=$1
  duration=$2
  shift 2
  clients=
  for node in "$@"; do
    REQUESTS="$folder/$requests/requests.txt" \
      wrk -t1 -c$((32 / $#)) -d"${duration}s" --latency -s "$here/load.lua" "http://127.0.0.1:$node" >"$folder/wrk.$node" &
    clients="$clients $!"
  done
  for client in $clients; do wait "$client"; done
  for node in "$@"; do
    if grep -q 'Non-2xx' "$folder/wrk.$node"; then cat "$folder/wrk.$node" >&2; exit 1; fi
    cat "$folder/wrk.$node"
  done | awk '
    / 99%/ { value = $2; unit = 1; if (value ~ /us$/) unit = 0.001; else if (value ~ /ms$/) unit = 1; else unit = 1000
             sub(/[a-z]+$/, "", value); if (value * unit > slowest) slowest = value * unit }
    /^Requests\/sec/ { rate += $2 }
    END { printf "%.0f %.1f\n", rate, slowest }'
}

# The middle one of the numbers on the lines of standard input.
median() { sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }

# Sourced by ./run, ./test and ./patron: finds a JDK, builds when something changed.

# Scripts of other folders set patron_root first.
root=${patron_root:-$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)}
needed=25

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

# The major version of the JDK in a folder; 0 when there is none.
jdk_version() {
  if [ -x "$1/bin/javac" ] && [ -f "$1/release" ]; then
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
  else
    echo 0
  fi
}

# Sets JAVA_HOME to the first JDK that is new enough: JAVA_HOME, PATH, then where systems install JDKs.
find_jdk() {
  on_path=$(command -v javac 2>/dev/null || true)
  if [ -n "$on_path" ]; then
    # javac on the PATH is often a chain of links into the JDK.
    on_path=$(CDPATH= cd -P -- "$(dirname -- "$(readlink -f "$on_path" 2>/dev/null || echo "$on_path")")/.." && pwd)
  fi
  for candidate in "${JAVA_HOME:-}" "$on_path" \
    /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
    [ -n "$candidate" ] || continue
    version=$(jdk_version "$candidate")
    if [ "${version:-0}" -ge "$needed" ]; then
      JAVA_HOME=$candidate
      export JAVA_HOME
      return
    fi
  done
  fail "Patron needs a JDK $needed or newer, and found none in JAVA_HOME, on the PATH or where systems install JDKs." \
    "Install one (for example the package temurin-$needed-jdk or openjdk-$needed-jdk), or point JAVA_HOME to it."
}

find_maven() {
  command -v mvn >/dev/null 2>&1 || fail "Patron is built with Apache Maven 3.8 or newer, and mvn is not on the PATH." \
    "Install it (for example the package maven)."
}

# One line that changes when anything that the build reads changes.
fingerprint() {
  (
    cd "$root"
    "$JAVA_HOME/bin/java" -version 2>&1
    find build/environment.sh build/jvm.options build/FirstToken.java pom.xml .mvn \
      token/pom.xml token/src/main endpoint/pom.xml endpoint/src/main server/core/pom.xml server/core/src/main server/patron/pom.xml server/patron/src/main sandbox/pom.xml sandbox/src/main \
      apps/browser/patron.js apps/browser/patron.mjs \
      apps/spring-boot-starter/pom.xml apps/spring-boot-starter/src/main sample/pom.xml sample/src/main \
      -type f -exec cksum {} + | sort
  ) | cksum
}

# Builds what ./run and ./patron start, unless the last build was of the same sources.
build() {
  if built; then
    return
  fi
  find_maven
  mkdir -p "$root/target"
  # Two at once would write the same files: the second waits, where the system has a way to.
  if command -v flock >/dev/null 2>&1; then
    exec 9>"$root/target/build.lock"
    flock 9
    if built; then
      return
    fi
  fi
  echo "Building Patron (a few minutes the first time, not at all when nothing changed) ..." >&2
  built_from=$(fingerprint)
  log=$root/target/build.log
  if ! (cd "$root" && mvn -B -q -ntp -pl sandbox,sample -am package -Dmaven.test.skip=true -Dspotless.check.skip=true) \
    >"$log" 2>&1 9>&-; then
    cat "$log" >&2
    fail "The build failed; the messages above say why. They are in target/build.log too."
  fi
  train 9>&- || true
  printf '%s\n' "$built_from" >"$root/target/built-from"
  exec 9>&-
}

built() {
  [ -f "$root/sandbox/target/patron-sandbox.jar" ] && [ -f "$root/target/built-from" ] &&
    [ "$(cat "$root/target/built-from")" = "$(fingerprint)" ]
}

# Becomes a JVM with these arguments. The AOT cache halves the time to the first token; without it everything works as
# well.
exec_java() {
  # Whatever is written while it runs, a dump after a crash included, is its owner's only.
  umask 077
  if [ -f "$aot_cache" ]; then
    set -- -XX:AOTCache="$aot_cache" -Xlog:aot=off -Xlog:cds=off "$@"
  fi
  exec "$JAVA_HOME/bin/java" $(cat "$root/build/jvm.options") "$@"
}

aot_cache=$root/target/patron.aot

# Starts the sandbox once, does what its first visitors do, and has the JVM keep what it learnt (JEP 514). No cache is made
# where that fails.
train() (
  rm -f "$aot_cache"
  folder=$(mktemp -d)
  # With options of its own: nobody's database is to learn from.
  for name in $(env | sed -n 's/^\(PATRON_[A-Z_]*\)=.*/\1/p'); do
    unset "$name"
  done
  cd "$folder"
  options=$(cat "$root/build/jvm.options")
  jar=$root/sandbox/target/patron-sandbox.jar
  PATRON_DATA=$folder/data PATRON_STOREFRONT_PORT=0 PATRON_CONSOLE_PORT=0 \
    "$JAVA_HOME/bin/java" $options -XX:AOTMode=record "-XX:AOTConfiguration=$folder/learnt" -jar "$jar" \
    >"$folder/log" 2>&1 &
  sandbox=$!
  tries=0
  until grep -q "Stop it with" "$folder/log" || ! kill -0 "$sandbox" 2>/dev/null || [ "$tries" -ge 300 ]; do
    tries=$((tries + 1))
    sleep 0.1
  done
  port=$(sed -n 's|^ *Storefront *http://localhost:\([0-9]*\).*|\1|p' "$folder/log")
  "$JAVA_HOME/bin/java" -XX:TieredStopAtLevel=1 "$root/build/FirstToken.java" "$port" >/dev/null 2>&1 || true
  kill "$sandbox" 2>/dev/null || true
  wait "$sandbox" 2>/dev/null || true
  # G1 alone puts objects into a cache; the server's collector does take them out.
  "$JAVA_HOME/bin/java" $options -XX:-UseSerialGC -XX:+UseG1GC -XX:AOTMode=create \
    "-XX:AOTConfiguration=$folder/learnt" "-XX:AOTCache=$folder/cache" -jar "$jar" >/dev/null 2>&1 &&
    mv "$folder/cache" "$aot_cache"
  rm -rf "$folder"
)

# shellcheck shell=bash
# For sourcing: runs the stages of a script and says how long each took.

# stage TITLE COMMAND...: the exit status is the command's.
stage() {
  local title=$1 start=$SECONDS status=0
  shift
  echo "== $title"
  "$@" || status=$?
  if ((status == 0)); then
    echo "== $title: $((SECONDS - start)) s"
  else
    echo "== $title: failed after $((SECONDS - start)) s" >&2
  fi
  return "$status"
}

# The line in which ctest counts its tests, from a log of it.
ctest_summary() {
  grep -E '^[0-9]+% tests passed' "$1" || echo "no test was run"
}

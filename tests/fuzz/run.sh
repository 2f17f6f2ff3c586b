#!/bin/bash
# tests/fuzz/run.sh BUILD SECONDS [NAME...]: each fuzzer of BUILD, or those named (such as pyliteral),
# for SECONDS from tests/corpus/NAME. One line each; what the fuzzer learned is kept in
# BUILD/corpus/NAME, an input that breaks something is left in BUILD/found/ and makes the end 1.
#
# What was found goes into tests/corpus/NAME under a telling name: `make test` replays it for ever.
set -u
build=$1 seconds=$2
shift 2
root=$(cd "$(dirname "$0")/../.." && pwd)
export UBSAN_OPTIONS=print_stacktrace=1
mkdir -p "$build/found"
failed=0
for fuzzer in "$build"/*_fuzz; do
  name=$(basename "$fuzzer" _fuzz)
  [[ $# = 0 || " $* " = *" $name "* ]] || continue
  seeds=$root/tests/corpus/$name
  [ "$name" = gguf ] && seeds=$root/hw/llama/tiny
  mkdir -p "$build/corpus/$name"
  if "$fuzzer" "$build/corpus/$name" "$seeds" -max_total_time="$seconds" -timeout=10 \
      -rss_limit_mb=2048 -artifact_prefix="$build/found/$name-" -print_final_stats=1 \
      2> "$build/$name.log"; then
    sed -n "s/^Done \([0-9]*\) runs in \([0-9]*\) second.*/fuzz $name: \1 inputs in \2 s/p" \
      "$build/$name.log"
  else
    failed=1
    echo "fuzz $name: FAILED, see $build/$name.log"
    grep -m 3 -E 'ERROR|runtime error|CHECK|SUMMARY' "$build/$name.log"
  fi
done
exit $failed

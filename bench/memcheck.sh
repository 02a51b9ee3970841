#!/bin/sh
# memcheck.sh PROGRAM... -- unit tests under Valgrind's memcheck; TAP; a leak or an error fails.
set -u
n=0 bad=0
echo "1..$#"
for program in "$@"; do
    n=$((n + 1))
    log=$(mktemp)
    if OPENBLAS_NUM_THREADS=1 valgrind --quiet --error-exitcode=9 --leak-check=full --show-leak-kinds=definite \
        --errors-for-leak-kinds=definite --suppressions=bench/valgrind.supp "$program" >"$log" 2>&1; then
        echo "ok $n - memcheck ${program##*/}"
    else
        echo "not ok $n - memcheck ${program##*/}"
        sed 's/^/# /' "$log" | tail -n 40
        bad=1
    fi
    rm -f "$log"
done
exit $bad

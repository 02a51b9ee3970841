#!/bin/sh
# lint.sh -- the rules of the house that a machine can check. Prints each breach; exit 1 if any.
set -u
bad=0
breach() {
    bad=1
    echo "lint: $1"
}

# Who may include whom (docs/architecture.md). Each layer, and the layers that it must not see.
layer() { # folder, forbidden folders
    found=$(grep -nE "^#include \"($2)/" "$1"/*.[ch] "$1"/*/*.[ch] 2>/dev/null)
    [ -z "$found" ] || breach "$1 must not include $2:
$found"
}
layer lib 'solvers|parallel|lessons|bench'
layer solvers 'parallel|lessons|bench'
layer parallel 'solvers|lessons|bench'
layer lessons 'bench'
layer bench 'lessons'
found=$(grep -nE '^#include "solvers/' bench/*.[ch] | grep -vE '"solvers/(problem|solver|solver_type|stop|monitor|control|coupled|model|constraints|penalty|transform)\.h"')
[ -z "$found" ] || breach "bench may include of solvers what belongs to all of them, not:
$found"
for lesson in lessons/[0-9]*; do
    others=$(grep -nE '^#include "lessons/' "$lesson"/*.[ch] "$lesson"/*/*.[ch] 2>/dev/null | grep -v "\"$lesson/")
    [ -z "$others" ] || breach "$lesson must not include another lesson:
$others"
    grep -qE "^const gr_ladder gr_ladder_[a-z0-9_]+ = \{" "$lesson"/ladder*.c || breach "$lesson registers no ladder"
    [ -f "$lesson/README.md" ] || breach "$lesson has no README.md"
    for exercise in "$lesson"/exercise*.c; do
        k=${exercise##*exercise}
        k=${k%.c}
        [ -f "$lesson/solution$k.c" ] || breach "$exercise has no solution$k.c"
        grep -q TODO "$exercise" || breach "$exercise has no TODO"
        [ "$(grep -c '^---' "$lesson/hints$k.txt" 2>/dev/null)" = 2 ] || breach "$lesson/hints$k.txt: expected three hints parted by two lines ---"
    done
done
# MPI: what is part of the plain program must build without it.
found=$(grep -lE '#include (<mpi.h>|"parallel/mpi_)' lib/*.[ch] solvers/*.[ch] bench/*.[ch] parallel/*.[ch] lessons/*/*.[ch] 2>/dev/null |
    grep -vE '/mpi_[a-z0-9_]*\.[ch]$|^lessons/1[456]_[a-z]*/(exercise|solution)')
[ -z "$found" ] || breach "only mpi_*.[ch] and the exercises of MPI lessons may include mpi.h: $found"

files=$(ls lib/*.[ch] solvers/*.[ch] parallel/*.[ch] bench/*.[ch] lessons/*/*.[ch] lessons/*/mutants/*.c ./*.h 2>/dev/null)
for f in $files; do
    head -n 1 "$f" | grep -q 'SPDX-License-Identifier: BSD-3-Clause' || breach "$f: the first line is not the licence's"
    case $f in lessons/*/exercise*.c) ;; *)
        grep -nE '\b(TODO|FIXME|XXX|HACK)\b|#if 0' "$f" /dev/null && breach "$f: left-over marker" ;;
    esac
    lines=$(wc -l <"$f")
    limit=400
    case $f in *.h) limit=200 ;; *_test.c) limit=600 ;; esac
    [ "$lines" -le $limit ] || breach "$f: $lines lines, at most $limit"
    LC_ALL=C grep -nP '[^\x00-\x7F]' "$f" /dev/null && breach "$f: not ASCII"
done

# shellcheck disable=SC2086 # lists of files
if command -v clang-format >/dev/null; then clang-format --dry-run -Werror $files || breach 'white space: make format'; fi
if command -v shellcheck >/dev/null; then shellcheck -s sh bench/*.sh bench/tests/*.sh .ci/run || breach 'shell scripts'; fi
if command -v cppcheck >/dev/null; then
    # Not for memory: of that cppcheck has as many wrong conclusions as releases, and the sanitizers and Valgrind know better.
    # shellcheck disable=SC2046
    cppcheck -j "$(nproc)" --quiet --std=c11 --language=c --inline-suppr --error-exitcode=1 --enable=warning,portability \
        --suppress=missingIncludeSystem --suppress=internalAstError --suppress=preprocessorErrorDirective --suppress=normalCheckLevelMaxBranches \
        --suppress=uninitvar --suppress=ctuuninitvar --suppress=memleak --suppress=deallocuse \
        --include=bench/cppcheck.h --max-configs=1 -I. \
        $(find lib solvers parallel bench -name '*.c' ! -name '*_test.c') lessons/*/ladder*.c || breach 'cppcheck'
fi
[ $bad = 0 ] && echo "lint: layers, registrations, licence lines, sizes, white space, scripts: fine"
exit $bad

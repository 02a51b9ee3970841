#!/bin/sh
# learner.sh -- a learner's way through a lesson, in a clone of its own: what each word says and keeps.
# shellcheck source=bench/tests/tap.sh
. bench/tests/tap.sh
git clone -q "$root" "$work/clone" || exit 1
cd "$work/clone" || exit 1
ln -s "$root/${BUILD:-build}" build
ln -s "$root/build-address-undefined" build-address-undefined
says() { # WORDS CODE learn-arguments...
    words=$1 code=$2
    shift 2
    exits "$code" "$gradus" learn "$@" || return 1
    grep -qF -- "$words" "$work/out" "$work/err" || { cat "$work/out" "$work/err"; return 1; }
}

ok 'a newcomer starts at the first lesson' says 'lessons/02_timing  step 1' 0
ok 'a step is chosen by number' says 'lessons/02_timing  step 1 of' 0 where --lesson 02 --step 1
ok 'a lesson that is not there' says 'unknown lesson' 2 where --lesson 77
ok 'a step that is not there' says 'has steps 1 to' 2 where --lesson 02 --step 99
ok 'the shipped exercise does not pass' says 'NO' 1 check
ok '... and points at the hints' says 'make hint' 1 check
ok 'hint 1' says 'Hint 1 of 3' 0 hint
ok 'hint 2' says 'Hint 2 of 3' 0 hint
ok 'the solution is not thrown at the learner' says 'SURE=1' 0 solution
ok '... but is shown when asked for' says 'exercise' 0 solution --sure
ok 'next does not leave a step that is not done' says 'not done yet' 0 next
cp lessons/02_timing/solution1.c lessons/02_timing/exercise1.c
ok 'the right exercise passes' says 'WHY' 0 check
ok 'the question after it' says '[1]' 0 explain
ok 'next goes on' says 'step 2 of' 0 next
ok 'skip leaves a step' says 'step 3 of' 0 skip
ok 'the list shows what is done' says 'done' 0 list
ok 'reset puts the exercise back' says 'as shipped again' 0 reset --lesson 02 --step 1
ok '... exactly' git diff --quiet -- lessons/02_timing/exercise1.c
ok '... and keeps the learner'"'"'s' sh -c 'cmp results/kept/*exercise1.c lessons/02_timing/solution1.c'
printf 'this is not C\n' >lessons/02_timing/exercise1.c
ok 'what does not compile is said' says 'does not compile' 2 check
printf '#include "lib/ladder.h"\n#include <signal.h>\ngr_status exercise(void *p, int w) { (void)p; raise(SIGSEGV); return w ? GR_OK : GR_EARG; }\n' >lessons/02_timing/exercise1.c
ok 'a crash is said, with the size' says 'Segmentation fault at size' 1 check
mutate() { # SED-PROGRAM -- lesson 02's first solution with a change, as the exercise
    sed "s|#include|#include <stdio.h>\n#include <stdlib.h>\n#include|; $1" lessons/02_timing/solution1.c >lessons/02_timing/exercise1.c
}
first='    timing_lab \*lab = problem;'
mutate "s|$first|&\n    exit(0);|"
ok 'one that ends the program is not taken for right' says 'ended the program itself at size 0' 1 check
mutate "s|$first|&\n    printf(\"seen %zu\\\\n\", lab->n);|"
ok 'what the exercise prints is shown' says '| seen 7' 0 check
mutate "s|$first|&\n    lab->resolution[lab->n + 2] = 1;|"
ok 'a write beyond the end is said with the line' says 'heap-buffer-overflow, exercise1.c line' 1 check
mutate "s|$first|&\n    volatile char *lost = malloc(8);\n    lost[0] = 1;\n    lost = NULL;|"
ok 'a leak is said' says 'detected memory leaks' 1 check
mutate "s|$first|&\n    static int calls;\n    if (calls++) return GR_OK;|"
ok 'what is not written is said' says 'never written?' 1 check
mutate "s|$first|&\n    for (volatile int i = 0;; i++) continue;|"
ok 'one that does not end is ended' says 'it does not end at size 0' 1 check
ok 'a lesson is found by its name' says 'lessons/10_mandelbrot  step 2' 0 where --lesson mandelbrot --step 2
ok 'a right answer before the exercise is right leads to check' says 'Next: make check' 0 explain --answer 3
ok 'a guess is asked for with its reasons' says '[3]' 0 predict --lesson 09 --step 1
ok 'a ladder that is not timed gives way to those that are' says 'multiply' 0 time --lesson 02 --step 1
COLUMNS=60
export COLUMNS
ok 'a narrow terminal' says 'Hint 1' 0 hint --lesson 10 --step 3
ok '... is not overrun' sh -c "! grep -E '.{61}' '$work/out'"
unset COLUMNS
ok 'no prediction where none is asked, or one that is kept' exits 0 "$gradus" learn predict --lesson 10 --step 1 --guess 3
ok 'a bad guess' says 'expected a number' 2 predict --guess fast
printf 'torn line\n\t\t\t\n' >>results/progress.tsv
ok 'a damaged journal is survived' says 'L=02' 0 list
ok 'the report' says 'steps passed' 0 report
done_testing

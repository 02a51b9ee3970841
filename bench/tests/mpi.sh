#!/bin/sh
# mpi.sh -- MPI ranks: how many there may be, and what is left when one dies, fails or is stuck, when
# mpirun or gradus itself is killed, when the user has had enough, and when there is no mpirun.
# shellcheck source=bench/tests/tap.sh
. bench/tests/tap.sh
cd "$work" || exit 1
if [ ! -x "$gradus-mpi" ]; then
    skip 'MPI ranks' 'built without MPI'
    ok '... which is said in words' refuses 'built without MPI' "$gradus" ranks
    done_testing
    exit
fi
ranks() { timeout 60 "$gradus" ranks "$@"; }

# ---- how many, and how they are started
for n in 1 2 3 5 8; do
    ok "$n ranks" sh -c "timeout 60 '$gradus' ranks --procs $n >out && [ \$(grep -c '^rank [0-9]* of $n,' out) = $n ] && grep -q '^ring: ' out"
done
cores=$(nproc)
ok 'one rank for each core is bound to it' sh -c "'$gradus' ranks --dry-run | grep -q '^$cores rank.*bound to: core$'"
ok 'one more is not, and is marked' sh -c "'$gradus' ranks --dry-run --procs $((cores + 1)) | grep -q 'bound to: none; oversubscribed: correctness only'"
ok 'a job that was granted more is not oversubscribed' sh -c "SLURM_JOB_ID=7 SLURM_NTASKS=64 '$gradus' ranks --dry-run --procs 64 | grep -q 'bound to: core$'"
ok 'ping-pong has a line for each size, and two fitted ones' sh -c "'$gradus' ranks --pingpong --procs 2 >out && [ \$(grep -c 'GB/s$' out) = 23 ] && [ \$(grep -c 'off by' out) = 2 ]"

ok 'a map of tasks that do nothing is timed' sh -c "'$gradus' ranks --map --procs 2 | grep -q '^map: 1000 tasks that do nothing, on 2 ranks: [0-9.]* [mu]*s$'"

ok 'a rank may have several cores' sh -c "SLURM_JOB_ID=7 SLURM_NTASKS=4 SLURM_CPUS_PER_TASK=2 '$gradus' ranks --dry-run --procs 4 --cores 2 | grep -q 'bound to: 2 cores$'"
ok '... not more than there are' sh -c "SLURM_JOB_ID=7 SLURM_NTASKS=4 '$gradus' ranks --dry-run --procs 4 --cores 2 | grep -q 'bound to: none; oversubscribed'"
ok '... which it finds' sh -c "timeout 60 '$gradus' ranks --procs 1 --cores $cores | grep -q ', of $cores that it may use$'"
ok '... and not none' refuses '--cores' ranks --cores 0

# ---- rungs: the same bits as the truth, at every edge size
ok 'Jacobi on 3 ranks' sh -c "timeout 60 '$gradus' ranks --procs 3 --check jacobi >out && [ \$(grep -c 'right at all edge sizes' out) = 5 ]"
bits() { # RUNG RANKS [SIZE]: what it writes, into bits-RUNG-RANKS-*.npy
    mpirun --allow-run-as-root --oversubscribe -n "$2" "$gradus-mpi" measure "jacobi/$1" --size "${3:-90}" --steps 9 --seconds 0.01s --write-truth "bits-$1-$2" >out
}
bits mpi 1
bits mpi-blocks 1
for n in 6 8; do # 12 x 3 tiles, 3 x 2 and 4 x 2 ranks
    bits mpi-blocks $n
    ok "jacobi/mpi-blocks gives the same bits on $n ranks as on one, and the field of jacobi/mpi" sh -c "cmp bits-mpi-1-0.npy bits-mpi-blocks-$n-0.npy && cmp bits-mpi-blocks-1-1.npy bits-mpi-blocks-$n-1.npy"
done
bits mpi-tiled 1
bits mpi-tiled 3
ok 'jacobi/mpi-tiled gives the same bits on three ranks as on one, and the field of jacobi/mpi' sh -c 'cmp bits-mpi-1-0.npy bits-mpi-tiled-3-0.npy && cmp bits-mpi-tiled-1-1.npy bits-mpi-tiled-3-1.npy'
bits mpi-tiled 6 82 # the last rank has one row, so no halo may be deeper
mv bits-mpi-tiled-6-0.npy six-0.npy && mv bits-mpi-tiled-6-1.npy six-1.npy
bits mpi-tiled 1 82
ok '... on six, where a pass can be but one sweep' sh -c 'cmp six-0.npy bits-mpi-tiled-1-0.npy && cmp six-1.npy bits-mpi-tiled-1-1.npy'
for rung in mpi mpi-overlap shared; do
    bits $rung 3
    ok "jacobi/$rung gives the same bits on three ranks as jacobi/mpi on one" sh -c "cmp bits-mpi-1-0.npy bits-$rung-3-0.npy && cmp bits-mpi-1-1.npy bits-$rung-3-1.npy"
done
ok 'Mandelbrot on 3 ranks' sh -c "timeout 60 '$gradus' ranks --procs 3 --check mandelbrot >out && [ \$(grep -c 'right at all edge sizes' out) = 3 ]"
ok 'a rung is run, and verified' sh -c "timeout 60 '$gradus' run mandelbrot/mpi-dynamic --procs 2 --size 100 --png picture.png | grep -q 'the outputs agree'"
ok 'a rung is measured on its ranks' sh -c "'$gradus' bench mandelbrot/mpi --size 100 --procs 2,3 --quick --budget 20s --out run >log && grep -q '\"launcher\": \"mpi\"' run/points.json && grep -q 'oversubscribed' run/points.json"
ok '... each with a median of its own' sh -c "grep 'mandelbrot/mpi@100' run/raw.jsonl | grep -qE '\"own\":\[[0-9.e-]+,[0-9.e-]+(,[0-9.e-]+)?\]' && grep -q '\"own\": \[' run/points.json && grep -q 'mpi_sync' run/points.json"
ok '... which say what they did' sh -c "grep mandelbrot/mpi@100 run/raw.jsonl | grep -q '\"workers\":\[{\"tasks\":'"
ok 'without mpirun the rung is left out by name' sh -c "PATH='$work/slurm' '$gradus' list | grep -q 'mpi-dynamic .*not here: there is no mpirun'"

for lesson in 14_mpi:14 15_collectives:46 16_onesided:18; do # the number of its rungs on ranks
    ok "all ladders of ${lesson%:*} on 3 ranks" sh -c "timeout 60 '$gradus' ranks --procs 3 --check ${lesson%:*} >out && [ \$(grep -c 'right at all edge sizes' out) -ge ${lesson#*:} ]"
done
ok 'all ladders of 15_collectives on 8 ranks' sh -c "timeout 120 '$gradus' ranks --procs 8 --check 15_collectives >out && [ \$(grep -c 'on 8 ranks: right' out) -ge 46 ]"
ok 'a halo on 8 ranks, more than there are cells' sh -c "'$gradus' ranks --procs 8 --check rod/overlap >out && grep -q 'on 8 ranks: right' out"
for n in 1 2 3 5; do
    timeout 60 "$gradus" ranks --procs $n --sweep allreduce --size 4 >out
    ok "a sweep on $n ranks has a row for each size, and compares with native" sh -c "[ \$(grep -cE '^ +[124]( +[0-9.]+){5}(  \*)?\$' out) = 3 ] && grep -q 'at [0-3] of 3 sizes' out"
    if [ $n -le "$cores" ]; then # 3 sizes, 4 methods, 12 trains of at least one call; what began late is one of them
        # shellcheck disable=SC2016 # awk's own
        ok '... in windows, whose calls are counted' awk '/^ranks begin in windows$/ { said = 1 } /^windows: / { windows = $2 >= 144 && $6 <= $2 } /^\*: / { barriers = $2 >= 48 } / \*$/ { fell++ } END { exit !(said && windows && (fell > 0) == barriers) }' out
    else
        ok '... after barriers, and says why' sh -c "grep -qx 'ranks begin after barriers: more ranks than processors' out && ! grep -q -e '^windows' -e 'slow ranks' out"
    fi
done
cat >clock.c <<'C'
// Rank 1's clock is 1000 s ahead and gains 50 microseconds a second.
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
int clock_gettime(clockid_t clock, struct timespec *t)
{
    static int other = -1;
    const char *rank = other < 0 ? getenv("OMPI_COMM_WORLD_RANK") : NULL;
    int failed = (int)syscall(SYS_clock_gettime, clock, t);
    if (other < 0) other = rank && !strcmp(rank, "1");
    if (failed || !other || clock != CLOCK_MONOTONIC) return failed;
    t->tv_nsec += t->tv_sec * 50000 + t->tv_nsec / 20000;
    t->tv_sec += 1000 + t->tv_nsec / 1000000000;
    t->tv_nsec %= 1000000000;
    return 0;
}
C
if [ "$cores" -ge 2 ]; then
    ${CC:-cc} -D_GNU_SOURCE -shared -fPIC -o clock.so clock.c
    LD_PRELOAD=$work/clock.so timeout 60 "$gradus" ranks --procs 2 --sweep scan --size 2 >out
    # shellcheck disable=SC2016 # awk's own
    ok 'ranks whose clocks differ begin in windows, most of them in time' awk '/^ranks begin in windows$/ { said = 1 } /^windows: .*; the clocks of ranks are known, within/ { windows = $6 < 0.9 * $2 } /^ +[12] / { rows += $2 > 0 && $2 < 1e5 } END { exit !(said && windows && rows == 2) }' out
else
    skip 'windows of ranks whose clocks differ' 'one core only'
fi
cat >slow.c <<'C'
// Two thirds of the time and more of rank 1 go to a signal handler.
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
static double used(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return 1e6 * (double)t.tv_sec + 1e-3 * (double)t.tv_nsec;
}
static void burn(int number)
{
    (void)number;
    for (double end = used() + 140; used() < end;) {}
}
__attribute__((constructor)) static void begin(void)
{
    const char *rank = getenv("OMPI_COMM_WORLD_RANK");
    struct itimerval every = {{0, 200}, {0, 200}};
    struct sigaction action = {.sa_handler = burn, .sa_flags = SA_RESTART};
    if (!rank || strcmp(rank, "1") != 0) return;
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &every, NULL);
}
C
if [ "$cores" -ge 2 ]; then
    ${CC:-cc} -D_GNU_SOURCE -shared -fPIC -o slow.so slow.c
    LD_PRELOAD=$work/slow.so timeout 60 "$gradus" ranks --procs 2 --sweep scan --size 1 >out
    ok 'a slow rank is named, with its host, and no other' sh -c "grep -q \"^rank 1 on \$(uname -n) is slow: \" out && grep -qx 'slow ranks: 1 of 2, by 13 readings of the same work on each' out"
else
    skip 'a slow rank' 'one core only'
fi
timeout 60 "$gradus" ranks --procs 2 --sweep bcast --size 2 --osu >out
ok "OSU's loop beside ours: a row for each size, and ratios within their intervals" python3 - <<'P'
import re
lines = open("out").read().splitlines()
rows = [l for l in lines if re.match(r" +[12] ", l)]
assert [l.split()[0] for l in rows] == ["1", "2"], lines
for row in rows:
    ratios = [tuple(map(float, r)) for r in re.findall(r"([0-9.]+) ([0-9.]+)\.\.([0-9.]+)", row)]
    assert 2 <= len(ratios) <= 4 and all(0 <= lo <= mid <= hi for mid, lo, hi in ratios), row
(said,) = [re.findall(r"\d+", l) for l in lines if l.startswith("within 5 %")]
assert said[:2] == ["5", "2"] and len(said) == 6 and all(int(n) <= 2 for n in said[2:]), said
P
timeout 60 "$gradus" ranks --procs $((cores + 1)) --sweep barrier --size 1 --osu >out
ok '... of more ranks than processors after barriers only, and says why' sh -c "grep -qx 'no windows: more ranks than processors' out && grep -qE '^ +1 +- +[0-9.]+ +- +- +[0-9.]+' out"
ok '... not without a sweep' refuses 'expected --sweep' ranks --osu
ok '... nor of what has no native rung' refuses "no rung 'native'" ranks --sweep deal --osu
ok 'a sweep of what has no rungs on ranks' refuses 'nothing of it runs on ranks' ranks --procs 2 --sweep power

# ---- maps: what all of them promise, on so many ranks; a rank that dies in each phase of a map's life
job() { # RANKS COMMAND...
    n=$1
    shift
    timeout 60 mpirun --allow-run-as-root --oversubscribe --mca mpi_yield_when_idle 1 -n "$n" "$@"
}
clocks=$root/${BUILD:-build}/parallel/mpi_clocks_test
for n in 1 2 5; do ok "$n ranks with clocks that differ have one time" sh -c "timeout 60 mpirun --allow-run-as-root --oversubscribe --mca mpi_yield_when_idle 1 -n $n '$clocks' | grep -q 'one time for all'"; done
job 3 "$gradus-mpi" measure mandelbrot/mpi --scaling --size 60 >scaling.json 2>err
ok 'a rung is timed on 1, 2 and 3 ranks, with the same problem and with one that grows as they do' python3 - <<'P'
import json
document = json.load(open("scaling.json"))
assert document["ranks"] == 3
(study,) = document["studies"]
assert (study["ladder"], study["rung"]) == ("mandelbrot", "mpi") and "why" not in study
for kind in "strong", "weak":
    points = study[kind]
    assert [p["procs"] for p in points] == [1, 2, 3]
    assert all(0 < p["lo"] <= p["median"] <= p["hi"] for p in points)
assert all(p["n"] == 60 and p["work"] == study["strong"][0]["work"] for p in study["strong"])
grown = [p["work"] / p["procs"] / study["weak"][0]["work"] for p in study["weak"]]
assert all(abs(g - 1) < 0.1 for g in grown), grown  # equal shares, but for whole sizes
P
maps=$root/${BUILD:-build}/parallel/mpi_maps_test
keeps() { job "$1" "$maps" >"kept.$1" 2>&1 || mv "kept.$1" "broken.$1"; }
for n in 1 2 3; do keeps $n & done
wait
for n in 5 8; do keeps $n & done
wait
for n in 1 2 3 5 8; do
    ok "a map on $n ranks keeps the promises of maps" sh -c "cat broken.$n 2>/dev/null; grep -q 'all promises are kept' kept.$n"
done
dies() { # PHASE: the job ends, not well
    job 3 "$maps" "$1" >"$1.out" 2>&1
    code=$?
    [ $code != 0 ] && [ $code != 124 ] && ! grep -q 'came to its end' "$1.out" && touch "$1.died"
}
export GRADUS_RANKS_LIMIT=2
for phase in start init task fini memory forgotten; do dies $phase & done
wait
unset GRADUS_RANKS_LIMIT
ok 'a rank without memory for a chunk says so' grep -q '^gradus: rank 1: out of memory for a letter of [0-9]* bytes$' memory.out
ok 'a map that is not freed is found by the watch' grep -q '^gradus: stuck: no rank has moved for 2 s; rank 0 is done; rank 1 waits in gr_map_serve for rank 0;' forgotten.out
for phase in start init task fini memory forgotten; do ok "a rank that dies in a map's phase '$phase' ends the job" test -e $phase.died; done
no_ranks() { ! pgrep -f "$maps"; }
ok '... and no rank is left' no_ranks

# ---- `gradus map` starts its ranks
"$gradus" map serial fermat 300:2000 >serial.txt
for spec in mpi:3 'mpi(fork:2):2'; do
    ok "gradus map $spec gives what serial gives" sh -c "timeout 60 '$gradus' map '$spec' fermat 300:2000 | cmp - serial.txt"
done
ok 'items on standard input' sh -c "printf '3\n4\n' | timeout 60 '$gradus' map mpi:2 square - | tr '\n\t' '  ' | grep -qx '3 9 4 16 '"
ok 'a failed task is a line, and code 1' exits 1 "$gradus" map mpi:2 square 2,9999999999,3
ok '... the others are done' sh -c "printf '2\t4\n9999999999\tbad argument\n3\t9\n' | cmp - out && [ \$(wc -l <err) = 2 ] && grep -q 'more than 63 bits' err"
ok 'a bad map in brackets is refused before ranks start' refuses 'did you mean fork?' "$gradus" map 'mpi(frok):2' square 3
ok 'without mpirun it says so' refuses 'no mpirun in PATH' env PATH=/nowhere "$gradus" map mpi:2 square 3
ok 'gradus-mpi by itself is one rank' refuses 'of which there is 1 here' "$gradus-mpi" map mpi:2 square 3
"$gradus" map mpi:3 sleep 20000:20300 --keep kept >out 2>err &
pid=$!
for _ in $(seq 200); do
    [ -s kept ] && [ "$(wc -l <kept)" -gt 20 ] && break
    sleep 0.05
done
kill -9 "$(for p in $(pgrep -P "$(pgrep -P $pid)"); do tr '\0' '\n' <"/proc/$p/environ" | grep -qx OMPI_COMM_WORLD_RANK=1 && echo "$p"; done)"
wait $pid
code=$?
ok 'a rank that dies ends a map in words, and says what is kept' sh -c "[ $code = 1 ] && head -n 1 err | grep -q '^gradus: rank 1 was killed by signal 9' && tail -n 1 err | grep -q '^gradus: kept holds [0-9]* of 300 items: the same command does the rest'"
ok '... which the same command does' sh -c "before=\$(wc -l <kept) && [ \$before -gt 20 ] && [ \$before -lt 300 ] && timeout 60 '$gradus' map mpi:2 sleep 20000:20300 --keep kept >out && [ \$(wc -l <kept) = 301 ] && seq 20000 20299 | awk '{ print \$1 \"\\t\" \$1 }' | cmp - out"
ok '^C in the middle of tasks' python3 - "$gradus" <<'P'
import os, signal, subprocess, sys, time
p = subprocess.Popen([sys.argv[1], "map", "mpi:2", "sleep", "20000:21000"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, bufsize=0)
first = p.stdout.readline()  # results come while others are under way
os.killpg(p.pid, signal.SIGINT)
out, err = p.communicate(timeout=30)
assert p.returncode == 130, (p.returncode, err)
assert err.startswith(b"gradus: interrupted: ") and err.count(b"\n") == 1, err
done = int(err.split()[2])
lines = (first + out).decode().splitlines()
assert len(lines) == done < 1000 and all(l.split("\t")[0] == l.split("\t")[1] for l in lines), (done, lines)
P

# ---- `gradus solve` has its costs computed by ranks
solving="solve --problem rosen --dim 5 --solver de --stop evaluations(3000) --json"
# shellcheck disable=SC2086 # words
"$gradus" $solving alone >out && timeout 60 "$gradus" $solving ranks --map mpi:3 >out
ok 'the same solution on three ranks' sh -c "grep -v seconds alone >a && grep -v seconds ranks | cmp - a"
# shellcheck disable=SC2086
ok 'a bad word is one line, before ranks start' refuses "did you mean 'sphere'" "$gradus" solve --problem spere --map mpi:3
ok 'a contest counts the same over ranks' sh -c "
    for map in serial mpi:2; do timeout 60 '$gradus' contest de --dim 2 --instances 2 --budget 99 --map \$map --json contest.\$map >/dev/null || exit 1; done; cmp contest.serial contest.mpi:2"
ok '... and a bad word leaves no rank waiting' refuses "did you mean 'powell'" timeout 60 "$gradus" contest powel --map mpi:2

# ---- an exercise on six ranks: who waits for whom, who is wrong
lesson=$root/lessons/14_mpi
exercise() { # NAME SOURCE LADDER [RANKS]: its judgement in out and err, by its ranks; then the exit code
    # shellcheck disable=SC2046 # flags
    ${CC:-cc} -std=c11 -D_GNU_SOURCE -shared -fPIC -I"$root" $(mpicc --showme:compile) -o "$1.so" "$2" &&
        GRADUS_RANKS_LIMIT=1 mpirun --allow-run-as-root --oversubscribe -n "${4:-6}" "$gradus-mpi" grade "./$1.so" --ladder "$3" >out 2>err
}
exercise sends "$lesson/exercise2.c" ringsum
ok 'two sends: two ranks wait for each other, by name' grep -q 'gradus: stuck: no rank has moved for 1 s; rank 0 waits in MPI_Send for rank 1 ([0-9]* bytes, tag 0); rank 1 waits in MPI_Send for rank 0' err
ok '... short messages were fine' grep -q '^size 3 ' out
exercise tag "$lesson/mutants/1_wrong_tag.c" hello
ok 'a receive without a send: the other rank is done' grep -q 'rank 0 waits in MPI_Probe for rank 1 (0 bytes, tag 1); rank 1 is done' err
exercise null "$lesson/mutants/4_minus_one.c" rod
ok 'an MPI call that fails is one line' grep -q '^gradus: rank [01]: MPI failed in or after .*: MPI_ERR_RANK: invalid rank$' err
exercise wrong "$lesson/mutants/5_alone.c" grid
ok 'a wrong result names the rank' grep -q 'size 1: rank [0-9] of 2: in column\[0\] = ' out
exercise right "$lesson/solution5.c" grid
ok 'a right one is right' grep -q '"ok":true' out
cat >fence.c <<'C'
#include "lessons/16_onesided/mpi_lesson.h"
gr_status exercise(void *problem, int workers)
{
    int64_t *base;
    MPI_Win window;
    (void)problem, (void)workers;
    MPI_Win_allocate(8, 8, MPI_INFO_NULL, gr_mpi_comm(), &base, &window);
    if (gr_rank() == 0) MPI_Win_fence(0, window);
    return puts_fence(problem, workers);
}
C
exercise fence fence.c puts
ok 'a fence that only one rank calls' grep -q 'rank 0 waits in MPI_Win_fence for the others' err
mkdir files
cat >full.c <<'C'
#include "lessons/16_onesided/mpi_lesson.h"
#include <signal.h>
#include <sys/resource.h>
gr_status exercise(void *problem, int workers)
{
    struct rlimit old, small;
    getrlimit(RLIMIT_FSIZE, &old);
    small = old, small.rlim_cur = 200;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    gr_status status = npyfile_subarray(problem, workers);
    setrlimit(RLIMIT_FSIZE, &old);
    return status;
}
C
OMPI_MCA_orte_tmpdir_base=$work/files exercise full full.c npyfile 2
ok 'a file of all ranks for which there is no room is one line' grep -qE '"size 2: .*npy: no room for 208 bytes: File too large"' out
ok '... and none is left' sh -c "[ -z \"\$(find files -name '*.npy*')\" ]"
cat >nowhere.c <<'C'
#include "lessons/16_onesided/mpi_lesson.h"
#include <string.h>
gr_status exercise(void *problem, int workers)
{
    strcpy(((npyfile *)problem)->path, "/nowhere/a.npy");
    return npyfile_subarray(problem, workers);
}
C
exercise nowhere nowhere.c npyfile 2
ok '... and one in a folder that is not there' grep -qF '"size 0: /nowhere/a.npy: No such file or directory"' out
ok 'a file of all ranks' sh -c "OMPI_MCA_orte_tmpdir_base='$work/files' mpirun --allow-run-as-root --oversubscribe -n 3 '$gradus-mpi' ranks --check npyfile >out 2>err"
ok '... is gone in the end' sh -c "[ \$(grep -c 'right at all edge sizes' out) = 3 ] && [ -z \"\$(find files -name '*.npy*')\" ]"

# ---- what is refused: one line, code 2
ok 'no ranks' refuses '--procs' ranks --procs 0
ok 'too many ranks' refuses 'expected 1 to 4096' ranks --procs 5000
ok 'ping-pong of one' refuses 'needs two ranks' ranks --pingpong --procs 1
ok 'an unknown ladder names the nearest' refuses "did you mean 'mandelbrot'" ranks --check mandlebrot
ok '... of a sweep, too' refuses "did you mean 'bcast'" ranks --sweep bcats
ok 'no mpirun in PATH' refuses 'no mpirun in PATH' env PATH=/nowhere "$gradus" ranks
mkdir other && printf '#!/bin/sh\necho "HYDRA build details:"\n' >other/mpirun && chmod +x other/mpirun
ok 'the mpirun of another MPI' refuses 'not that of Open MPI' env PATH="$work/other:$PATH" "$gradus" ranks
ok '... leaves rungs out by name' sh -c "PATH='$work/other:$PATH' '$gradus' list | grep -q 'mpi-dynamic .*not here: the mpirun in PATH is not'"
ok 'without mpirun, a Slurm job has srun' sh -c "
    mkdir slurm && printf '#!/bin/sh\necho \"\$@\" >srun.words\n' >slurm/srun && chmod +x slurm/srun
    PATH='$work/slurm' SLURM_JOB_ID=7 SLURM_NTASKS=4 '$gradus' ranks --procs 4 && grep -q -- '--mpi=pmix -n 4' srun.words"
ok '... and no more ranks than it was granted' refuses 'granted 4' env PATH="$work/slurm" SLURM_JOB_ID=7 SLURM_NTASKS=4 "$gradus" ranks --procs 5
# shellcheck disable=SC2016 # $1 is its own
printf '#!/bin/sh\nif [ "$1" = --version ]; then echo "mpirun (Open MPI) ${OPENMPI:-4.1.4}"; exit; fi\nprintenv OMPI_MCA_odls_base_sigkill_timeout >patience; echo "$@" >words; echo "not enough slots" >&2; exit 1\n' >other/mpirun
ok 'an mpirun that starts nothing ends in one line' sh -c "PATH='$work/other:$PATH' '$gradus' ranks >out 2>err; [ \$? = 1 ] && [ \$(wc -l <err) = 1 ] && grep -q 'not enough slots' err"
ok '... and is told to wait for nobody when it ends a job' grep -qx 0 patience
words() { # WORDS COMMAND...: mpirun gets these in a job of two nodes of four cores
    words=$1
    shift
    env PATH="$work/other:$PATH" SLURM_JOB_ID=7 SLURM_NTASKS=4 SLURM_CPUS_PER_TASK=2 SLURM_JOB_NUM_NODES=2 "$gradus" "$@" 2>err
    cat words
    grep -qF -- "$words" words
}
ok 'a map of two ranks on each node, two cores for each rank' words '-n 4 --map-by ppr:2:node:PE=2:OVERSUBSCRIBE --bind-to core' map 'mpi(fork:2):2:ppn=2' square 3
ok '... of ranks that have a core each' words '-n 4 --map-by core:OVERSUBSCRIBE --bind-to core' map 'mpi(fork):4' square 3
ok '... of more ranks than that' words '-n 9 --map-by slot:OVERSUBSCRIBE --bind-to none' map mpi:9 square 3
export OPENMPI=5.0.7 # fills the first node where it may oversubscribe
ok 'in Open MPI 5 ranks keep to what was granted' words '-n 4 --map-by core --bind-to core' map 'mpi(fork):4' square 3
ok '... or each node gets its share, if they have a core each' words '-n 5 --map-by ppr:3:node:OVERSUBSCRIBE --bind-to core' map 'mpi(fork):5' square 3
ok '... or several' words '-n 2 --map-by ppr:1:node:PE=2:OVERSUBSCRIBE --bind-to core' ranks --procs 2 --cores 2
ok '... or not even one' words '-n 9 --map-by ppr:5:node:OVERSUBSCRIBE --bind-to none' map mpi:9 square 3
ok '... or as many as it is told' words '-n 4 --map-by ppr:2:node:PE=2:OVERSUBSCRIBE --bind-to core' map 'mpi(fork:2):2:ppn=2' square 3
unset OPENMPI
ok 'the same by hand' words '-n 2 --map-by ppr:1:node:PE=4:OVERSUBSCRIBE --bind-to core' ranks --procs 2 --per-node 1 --cores 4
ok 'a bad time limit' sh -c "GRADUS_RANKS_LIMIT=soon '$gradus' ranks >out 2>err; [ \$? = 2 ] && [ \$(wc -l <err) = 1 ] && grep -q \"'soon'\" err"

# ---- what is left behind
files() { find /dev/shm /tmp -maxdepth 1 \( -name 'vader_segment*' -o -name 'ompi.*' -o -name 'prte*' -o -name 'sm_segment*' -o -name 'gradus-ranks.*' \) | sort; }
files >before
below() { # PID: it and all its descendants
    echo "$1"
    for child in $(pgrep -P "$1"); do below "$child"; done
}
rank_of() { # PID-OF-GRADUS RANK: the process of that rank
    for p in $(below "$1"); do
        tr '\0' '\n' 2>/dev/null <"/proc/$p/environ" | grep -qx "OMPI_COMM_WORLD_RANK=$2" && echo "$p"
    done
}
start() { # RANKS: in $pid, once all of them run
    "$gradus" ranks --procs "$1" --wait 60s >out 2>err &
    pid=$!
    for _ in $(seq 100); do
        [ -n "$(rank_of $pid $(($1 - 1)))" ] && break
        sleep 0.05
    done
    sleep 0.5
    all=$(below $pid)
}
nothing_left() { # PIDS: within five seconds
    for _ in $(seq 50); do
        alive=''
        for p in $1; do case $(ps -o stat= -p "$p") in '' | Z*) ;; *) alive="$alive $p" ;; esac done
        [ -z "$alive" ] && files | cmp - before && return
        sleep 0.1
    done
    echo "left behind:$alive"
    files
    return 1
}
for signal in 9 11 15; do
    start 3
    kill -$signal "$(rank_of $pid 1)"
    wait $pid
    code=$?
    ok "a rank that dies of signal $signal ends the job with code 1" [ $code = 1 ]
    ok '... one line names the rank and the signal' sh -c "[ \$(wc -l <err) = 1 ] && grep -q '^gradus: rank 1 was killed by signal $signal ' err"
    ok '... nothing is left' nothing_left "$all"
done
start 2
kill -STOP "$(rank_of $pid 1)"
kill -INT $pid
wait $pid
code=$?
ok '^C while a rank does not answer' sh -c "[ $code = 130 ] && [ \$(grep -cx 'gradus: interrupted' err) = 1 ]"
ok '... nothing is left' nothing_left "$all"
start 2
kill -9 $pid
wait $pid 2>/dev/null
sleep 3
ok 'kill -9 of gradus leaves an empty folder' sh -c "[ -z \"\$(ls -A /dev/shm/gradus-ranks.*.$pid)\" ]"
ok '... which the next start removes' sh -c "timeout 60 '$gradus' ranks --procs 1"
ok '... so nothing is left' nothing_left "$all"
start 2
kill -9 "$(pgrep -P $pid)"
wait $pid
code=$?
ok 'kill -9 of mpirun is said' sh -c "[ $code = 1 ] && [ \$(wc -l <err) = 1 ] && grep -q '^gradus: mpirun was killed' err"
ok '... nothing is left' nothing_left "$all"
done_testing

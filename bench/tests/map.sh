#!/bin/sh
# map.sh -- `gradus map`: what it prints, what it refuses, and what happens when workers, gradus
# itself or the user's patience end in the middle.
# shellcheck source=bench/tests/tap.sh
. bench/tests/tap.sh
cd "$work" || exit 1
prints() { # TEXT map-arguments...: exactly this on stdout, nothing on stderr, exit code 0
    printf %b "$1" >wanted
    shift
    exits 0 "$gradus" map "$@" && [ ! -s err ] && cmp wanted out
}
workers_of() { pgrep -P "$1"; }

# ---- what it prints
ok 'a range leaves out its end' prints '3\t9\n4\t16\n' serial square 3:5
ok 'a list, and more words' prints '9\t81\n3\t9\n5\t25\n7\t49\n' serial square 9,3 5 7
ok 'a range in a list' prints '1\t1\n8\t64\n9\t81\n2\t4\n' serial square 1,8:10,2
ok 'nothing to do' prints '' fork:2 square 5:5
ok 'lines of standard input, blank ones left out' sh -c "printf '2\n\n 7 \n' | '$gradus' map fork:2 square - >out && printf '2\t4\n7\t49\n' | cmp - out"
ok 'primes from 50 to 99, as on the slide' sh -c "
    '$gradus' map fork:2 fermat 50:100 | sed -n 's/\t1//p' | tr '\n' ' ' | grep -qx '53 59 61 67 71 73 79 83 89 97 '"
ok 'the first number that deceives Fermat' prints '341\t1\n561\t1\n' serial fermat 341,561
ok '... and not Miller and Rabin' prints '341\t0\n561\t0\n' serial millerrabin 341,561
ok 'the largest prime of 64 bits' prints '18446744073709551557\t1\n' serial millerrabin 18446744073709551557
ok 'a row of the picture is 500 numbers' sh -c "'$gradus' map serial mandelrow 250 | cut -f2 | wc -w | grep -qx ' *500'"
for spec in serial threads:3 fork:1 fork:2 fork:5 fork-guided:2 fork-equalportion:3 fork-carddealer:2 fork-sequential:2 fork:2,chunk=1 fork:2,tasks=10; do
    ok "$spec gives the same" sh -c "'$gradus' map $spec fermat 300:2000 >'$work/$spec' && cmp '$work/serial' '$work/$spec'"
done
ok 'more items than a batch' sh -c "'$gradus' map fork:2 square 0:200000 | awk -F '\t' '\$2 != \$1 * \$1 || \$1 != NR - 1 { bad = 1 } END { exit bad || NR != 200000 }'"
ok 'what each worker did' sh -c "'$gradus' map fork:2 square 0:100 --workers 2>&1 >out | grep -c '^ *[01] ' | grep -qx 2"

# ---- what it refuses: one line, code 2, nothing printed
ok 'without words' refuses 'expected SPEC TASK ITEMS' "$gradus" map
ok 'without items' refuses 'expected SPEC TASK ITEMS' "$gradus" map fork square
ok 'an unknown launcher names the nearest' refuses 'did you mean fork' "$gradus" map frok:2 square 3
ok 'an unknown strategy names the nearest' refuses 'carddealer' "$gradus" map fork-cardealer square 3
ok 'no workers' refuses "'0'" "$gradus" map fork:0 square 3
ok 'an unknown option of a map' refuses 'chunk' "$gradus" map fork:2,chunks=3 square 3
ok 'an unknown task names the nearest' refuses "did you mean 'millerrabin'" "$gradus" map serial milerrabin 3
ok 'a bad item behind good ones' refuses "item 'x'" "$gradus" map serial square 1,2,x
ok 'an item below 0' refuses "item '-1'" "$gradus" map serial square 3,-1
ok 'an item beyond 64 bits' refuses 'more than 64 bits' "$gradus" map serial square 18446744073709551616
ok 'a range that ends before it begins' refuses 'end before they begin' "$gradus" map serial square 9:3
ok 'half a range' refuses "item ''" "$gradus" map serial square 9:
ok 'standard input beside other items' refuses "item '-'" "$gradus" map serial square 3 -
ok 'a bad line' sh -c "printf '3\nx\n' | '$gradus' map serial square - >out 2>err; [ \$? = 2 ] && [ ! -s out ] && grep -q 'line 2' err"
ok 'a bad seed' refuses '--seed' "$gradus" map serial square 3 --seed x

# ---- tasks that fail
ok 'a failed task is a line and a code' exits 1 "$gradus" map fork:2 square 2,9999999999,3
ok '... the others are done' sh -c "printf '2\t4\n9999999999\tbad argument\n3\t9\n' | cmp - out"
ok '... and its words are on stderr' grep -q 'more than 63 bits' err

# ---- results that are kept
ok 'a map keeps its results' sh -c "'$gradus' map fork:2 square 0:100 --keep kept >whole && [ \$(wc -l <kept) = 101 ]"
sed -i -e '/^4[0-9]\t/d' -e '/^7\t/d' kept && printf '50\t5' >>kept # as if it had been killed in the middle
ok '... does what is missing, and prints all in order' sh -c "'$gradus' map threads:2 square 0:100 --keep kept | cmp - whole && [ \$(wc -l <kept) = 101 ]"
ok '... and then nothing any more' sh -c "cp kept before.kept && '$gradus' map serial square 0:100 --keep kept | cmp - whole && cmp kept before.kept"
ok 'other items are refused' refuses 'item 0 of it is 0, here 1' "$gradus" map serial square 1:101 --keep kept
ok 'another task is refused' refuses "found 'gradus map, results of task square, seed 0'" "$gradus" map serial fermat 0:100 --keep kept
ok 'a file of another kind is refused, and left as it is' sh -c "cp whole other && ! '$gradus' map serial square 3 --keep other 2>err && cmp whole other && grep -q '^gradus: other: expected' err"
printf 'gradus map, results of task square, seed 0\n1\tx\n' >bad
ok 'a bad line is named' refuses 'bad, line 2' "$gradus" map serial square 3 --keep bad
ok 'a folder that is not there' refuses 'cannot open' "$gradus" map serial square 3 --keep nowhere/kept

# ---- workers that die: every result is there, in order
"$gradus" map fork:2,chunk=1 sleep 10000:10200 >killed.out 2>killed.err &
pid=$!
killed=0
while [ $killed -lt 5 ] && kill -0 $pid 2>/dev/null && sleep 0.1; do
    victim=$(workers_of $pid | head -n 1)
    [ -n "$victim" ] && kill -9 "$victim" 2>/dev/null && killed=$((killed + 1))
done
wait $pid
code=$?
ok 'five workers were killed, and it went on' [ "$killed$code" = 50 ]
ok '... every result is there, once, in order' sh -c "seq 10000 10199 | awk '{ print \$1 \"\t\" \$1 }' | cmp - killed.out"

# ---- gradus dies: nothing is left
gone() { # PIDS: within two seconds; one that has ended and that nobody waits for is gone, too
    for _ in $(seq 20); do
        alive=''
        for p in $1; do case $(ps -o stat= -p "$p") in '' | Z*) ;; *) alive="$alive $p" ;; esac done
        [ -z "$alive" ] && return
        sleep 0.1
    done
    echo "left behind:$alive"
    return 1
}
until_workers() { # PID: waits until it has two workers, and prints them
    for _ in $(seq 100); do
        [ "$(workers_of "$1" | wc -l)" -ge 2 ] && break
        sleep 0.05
    done
    workers_of "$1"
}
segments() { find /dev/shm -mindepth 1 | sort; }
segments >before
"$gradus" map fork:2 sleep 5000000:5000004 >/dev/null 2>&1 &
pid=$!
children=$(until_workers $pid)
kill -9 $pid
wait $pid 2>/dev/null
ok 'kill -9 of gradus: there were workers' [ -n "$children" ]
ok '... none is left' gone "$children"
ok '... and no segment' sh -c "find /dev/shm -mindepth 1 | sort | cmp - before"

# ---- ^C
interrupted() { # SIGNAL CODE spec task items: within a second, words on stderr
    signal=$1 code=$2
    shift 2
    # A shell starts its background jobs deaf to ^C; Python does not.
    python3 - "$signal" "$code" "$gradus" map "$@" <<'P'
import os, signal, subprocess, sys, time
number = getattr(signal, "SIG" + sys.argv[1])
p = subprocess.Popen(sys.argv[3:], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
time.sleep(0.5)
start = time.monotonic()
os.killpg(p.pid, number)  # as a terminal does: the workers hear it, too
out, err = p.communicate(timeout=20)
took = time.monotonic() - start
assert p.returncode == int(sys.argv[2]), (p.returncode, err)
assert b"interrupted" in err and b"done" in err, err
assert err.count(b"\n") == 1, err
lines = out.decode().splitlines()
assert all(l.split("\t")[0] == l.split("\t")[1] for l in lines), lines
assert took < 2, took  # within a second, on a machine that may be busy
sys.exit(0)
P
}
for spec in serial threads:2 fork:2; do
    ok "^C in the middle of short tasks of $spec" interrupted INT 130 $spec sleep 20000:20500
    ok "^C in the middle of a long task of $spec" interrupted INT 130 $spec sleep 30000000,30000000
done
ok 'SIGTERM in the middle' interrupted TERM 143 fork:2 sleep 20000:20500
none_left() { ! pgrep -f "$gradus map"; }
ok 'no process is left' none_left
done_testing

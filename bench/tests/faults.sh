#!/bin/sh
# faults.sh -- what an unlucky run meets: no room, no tools, one core, damaged or old records.
# shellcheck source=bench/tests/tap.sh
. bench/tests/tap.sh
cd "$work" || exit 1
bench() { "$gradus" bench square --quick --budget 60s "$@"; }
bench="$gradus bench square --quick --budget 60s" # for sh -c
# The header and the machine card of the first run, to go on with: measuring the machine takes most of a short run.
begun() { for run; do mkdir -p "$work/$run" && head -n 3 "$work/good/raw.jsonl" >"$work/$run/raw.jsonl"; done; }

ok 'a run to start from' bench --out "$work/good"
begun plain json streams reader
ok 'the report can be made again' exits 0 "$gradus" report good
ok 'a last line cut in the middle is left out, and said' sh -c "
    cp -r good cut && printf '{\"lap\":1,\"key\":\"squ' >>cut/raw.jsonl && '$gradus' report cut >/dev/null && grep -q 'was cut' cut/report.md"
ok 'a line damaged in the middle is refused' sh -c "
    cp -r good damaged && sed -i '3s/.*/{\"lap\":/' damaged/raw.jsonl; '$gradus' report damaged; [ \$? = 1 ]"
ok 'an older schema is refused in words' sh -c "
    cp -r good old && sed -i '1s/\"schema\":1/\"schema\":0/' old/raw.jsonl"
ok '... with code 2' refuses 'schema 0' "$gradus" report old
ok 'an empty record is refused' sh -c "mkdir empty && : >empty/raw.jsonl"
ok '... with code 2' refuses 'not a header' "$gradus" report empty
ok 'a record of another build is not gone on with' sh -c "
    cp -r good other && sed -i '1s/\"build\":\"[0-9a-f]*\"/\"build\":\"0\"/; /finished/d' other/raw.jsonl"
ok '... in words' refuses 'another build' bench --out "$work/other"

ok 'a folder that cannot be made' refuses 'cannot make folder' bench --out /proc/gradus
: >file
ok 'a folder that is a file' exits 2 bench --out "$work/file"
if mkdir full && mount -t tmpfs -o size=256k gradus-test full 2>/dev/null; then
    dd if=/dev/zero of=full/filler bs=1k count=250 2>/dev/null
    ok 'a full disk ends the run in words' sh -c "$bench --out '$work/full/run' 2>err; [ \$? = 2 ] && grep -q 'No space left' err"
    rm full/filler
    ok '... and with room again it goes on' exits 0 bench --out "$work/full/run"
    umount full
else
    skip 'a full disk' 'no tmpfs can be mounted here'
fi

mkdir tools
for tool in sh env sed cat ls git uname; do ln -s "$(command -v $tool)" tools/ 2>/dev/null; done
ok 'a bench without gnuplot and python3' sh -c "PATH='$work/tools' $bench --peers --out '$work/plain' >log 2>&1"
ok '... leaves the plots out, by name' grep -qi gnuplot plain/report.md
ok '... and the peers' grep -qi python plain/report.md
ok 'a bench on one core' sh -c "taskset -c 0 '$gradus' bench square laplace/threads --size 64 --procs 3 --quick --budget 60s --out '$work/one' >log"
ok '... has a card of one core' python3 -c "
import json; d = json.load(open('one/points.json')); assert d['machine']['cores'] == 1 and list(d['machine']['triad_GBs']) == ['1']"
ok '... and marks more workers than cores' grep -q oversubscribed one/points.json
ok 'the document goes to standard output, and only it' sh -c "$bench --out '$work/json' --json - 2>/dev/null | python3 -c 'import json, sys; json.load(sys.stdin)'"
ok 'without any stream the record is whole' sh -c "$bench --out '$work/streams' <&- >&- 2>&-; [ \$? = 2 ] && python3 -c 'import json; [json.loads(l) for l in open(\"streams/raw.jsonl\")]' && grep -q '\"complete\": true' streams/points.json"
ok 'a reader that has had enough does not end the run' sh -c "$bench --out '$work/reader' 2>/dev/null | head -n 1 >/dev/null; grep -q '\"complete\": true' reader/points.json && [ -s reader/report.html ]"
ok 'NO_COLOR and pipes get no escape sequences' sh -c "! NO_COLOR=1 '$gradus' report good | grep -q '$(printf '\033')'"

# A against A. Each comparison may imagine a difference in at most 5 of 100 cases. The bound is the smallest number that so
# many comparisons exceed with a probability below 1 in 1000, by the binomial distribution. The mutant: the record of the same
# run in which each second member of a pair took ten times as long: more than any machine wavers.
cat >fair.py <<'P'
import json, math, sys
aa = json.load(open(sys.argv[1]))['aa']
n, wrong = int(sys.argv[2]), aa['false_verdicts']
assert aa['comparisons'] == n, f"{aa['comparisons']} comparisons, expected {n}"
chance = lambda k: math.comb(n, k) * 0.05**k * 0.95**(n - k)
bound = next(b for b in range(n) if sum(map(chance, range(b + 1, n + 1))) < 0.001)
assert wrong <= bound, f"{wrong} of {n} differences imagined, at most {bound} can be chance"
P
cat >handicap.py <<'P'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
for line in lines:
    if line.get('key', '').endswith("'"):
        line['seconds'] = [10 * t for t in line['seconds']]
open(sys.argv[1], 'w').writelines(json.dumps(line) + '\n' for line in lines)
P
rungs='square power mandelbrot/split mandelbrot/squares mandelbrot/inline mandelbrot/simd mandelbrot/lanes mandelbrot/refill'
ok 'a run of A against A' sh -c "'$gradus' bench $rungs --size 100 --quick --budget 90s --aa --out '$work/aa' >log"
ok '... imagines no more differences than it may' python3 fair.py aa/points.json 14
ok 'with a handicap of ten times on one side' sh -c "cp -r aa handicap && python3 handicap.py handicap/raw.jsonl && '$gradus' report handicap >log"
ok '... it does not pass' sh -c '! python3 fair.py handicap/points.json 14'
ok '... for the differences it then has' sh -c 'python3 fair.py handicap/points.json 14 2>&1 | grep -q "differences imagined"'
done_testing

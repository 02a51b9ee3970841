#!/bin/sh
# resume.sh -- bench killed with -9 at three places goes on and ends with the same table; ^C and SIGTERM
# leave a valid smaller result; nothing is left running.
# shellcheck source=bench/tests/tap.sh
. bench/tests/tap.sh
cd "$work" || exit 1
bench() { "$gradus" bench square power --quick --budget 60s --out "$work/$1" >"$work/$1.log" 2>&1; }
keys() { python3 - "$1" <<'P'
import json, sys
d = json.load(open(sys.argv[1]))
assert d["schema"] == 1
for p in d["points"]:
    print(p["ladder"], p["rung"], p["size"], p["procs"], sorted(p), p["verify"], p["seconds"] and p["seconds"]["launches"])
P
}
lines() { { wc -l <"$work/$1/raw.jsonl"; } 2>/dev/null || echo 0; }
until_lines() { # folder, lines: waits until the record is as long
    for _ in $(seq 600); do
        [ "$(lines "$1")" -ge "$2" ] && return
        sleep 0.05
    done
}

# The header and the machine card of the first run, to go on with: measuring the machine takes most of a short run.
begun() { mkdir -p "$work/$1" && head -n 3 "$work/whole/raw.jsonl" >"$work/$1/raw.jsonl"; }

ok 'a run from beginning to end' bench whole
keys whole/points.json >whole.keys
for place in 1 4 12; do
    [ $place -gt 3 ] && begun "killed$place"
    bench "killed$place" &
    pid=$!
    until_lines "killed$place" $place
    pkill -9 -P $pid 2>/dev/null
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    ok "killed after $place lines: no process is left" no_children
    printf '{"lap":0,"key":"square/po' >>"killed$place/raw.jsonl" # and the last line was cut
    ok '... the same command goes on' bench "killed$place"
    ok '... and says so' grep -q 'going on with' "killed$place.log"
    keys "killed$place/points.json" >killed.keys
    ok '... and ends with the same table' diff whole.keys killed.keys
done

for signal in INT TERM; do
    code=130
    [ $signal = TERM ] && code=143
    rm -rf stopped
    begun stopped
    "$gradus" bench square power --quick --budget 60s --out "$work/stopped" >stopped.log 2>&1 &
    pid=$!
    until_lines stopped 8
    kill -$signal $pid
    wait $pid
    got=$?
    ok "SIG$signal ends it with code $code" [ $got = $code ]
    ok '... no process is left' no_children
    ok '... what was measured is reported' [ -s stopped/report.html ]
    ok '... the record is whole lines of JSON' python3 -c "import json; [json.loads(l) for l in open('stopped/raw.jsonl')]"
    ok '... and it is not called complete' grep -q '"complete": false' stopped/points.json
done
ok 'a finished run is not gone on with' refuses 'is finished' "$gradus" bench square power --quick --budget 60s --out "$work/whole"
ok 'another plan does not go into the same folder' refuses 'measures something else' "$gradus" bench square --quick --out "$work/killed1"
done_testing

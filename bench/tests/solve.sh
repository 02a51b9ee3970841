#!/bin/sh
# solve.sh -- `gradus solve`: what it finds and says, what it refuses, and what happens when it is
# killed, interrupted, or has no room to write.
# shellcheck source=bench/tests/tap.sh
. bench/tests/tap.sh
cd "$work" || exit 1
field() { # FILE NAME: a member of the document
    python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$1" "$2"
}
says() { # NAME VALUE solve-arguments...: this member of --json
    member=$1 value=$2
    shift 2
    exits 0 "$gradus" solve "$@" --json - || return 1
    got=$(field out "$member")
    [ "$got" = "$value" ] || { echo "$member is $got"; return 1; }
}
refused() { # WORDS solve-arguments...
    words=$1
    shift
    refuses "$words" "$gradus" solve "$@"
}
talk='--problem rosen --dim 3 --x0 0.8,1.2,0.7'

# ---- what it finds
# shellcheck disable=SC2086 # words
{
    ok 'Nelder-Mead counts as scipy does' says evaluations 215 $talk --solver neldermead
    ok '... its generations, too' says generations 120 $talk
    ok 'Powell counts as scipy does' says evaluations 477 $talk --solver powell
    ok '... its generations, too' says generations 13 $talk --solver powell
    ok 'mystic, COG()' says evaluations 230 $talk --stop cog
    ok 'a limit is exact' says evaluations 50 $talk --solver powell --stop 'evaluations(50)'
    ok '... of one' says evaluations 1 $talk --solver powell --stop 'evaluations(1)'
    ok '... of none' says evaluations 0 $talk --stop 'evaluations(0)'
    ok '... and then there is no cost' says f None $talk --stop 'evaluations(0)'
    ok 'it says that it did not converge' says converged False $talk --stop 'evaluations(50)'
    ok '... and why it stopped' says reason evaluations $talk --stop 'evaluations(50)'
    ok 'bounds are kept' says x '[0.5, 0.25, 0.0625]' --problem rosen --dim 3 --bounds 0:0.5,0.25:0.25,0.0625:0.0625 --x0 0.5,0.25,0.0625
    ok 'the most of a function' says converged True --problem peaks --maximise --x0 0,1
    ok '... is 8.106' sh -c "awk '/\"f\"/ { exit !(\$2 + 0 > 8.10621 && \$2 + 0 < 8.10622) }' out"
    ok 'words on stderr' sh -c "'$gradus' solve $talk --verbose 25 2>&1 >/dev/null | grep -q '^generation 25: cost 0.0214563751218'"
}
for spec in serial threads:3 fork:2 fork-carddealer:3; do
    ok "a population over $spec gives the same" sh -c "'$gradus' solve --problem rastrigin --solver de --seed 4 --map $spec --stop 'evaluations(2000)' --json - | grep -v seconds >'$spec' && cmp serial '$spec'"
done
ok 'every problem is solved from its seed' sh -c "
    '$gradus' list --json | python3 -c 'import json, sys; [print(p[\"name\"]) for p in json.load(sys.stdin)[\"problems\"]]' >names
    [ \$(wc -l <names) = 24 ] && for p in \$(cat names); do '$gradus' solve --problem \$p --json one >/dev/null && '$gradus' solve --problem \$p --json two >/dev/null &&
        [ \"\$(grep -v seconds one)\" = \"\$(grep -v seconds two)\" ] || exit 1; done"
ok 'a result to a file is a result on the screen, too' sh -c "'$gradus' solve --problem sphere --json result | grep -q 'least' && grep -q '\"schema\": 1' result"

# ---- constraints, transforms, models
near() { # FILE MEMBER VALUE SLACK [INDEX]
    python3 -c 'import json, sys; v = json.load(open(sys.argv[1]))[sys.argv[2]]; v = v[int(sys.argv[5])] if len(sys.argv) > 5 else v; sys.exit(not abs(v - float(sys.argv[3])) <= float(sys.argv[4]))' "$@"
}
ok 'a constraint by the augmented Lagrangian' says feasible True --problem rosen --dim 2 --constraint 'x0^2 + x1^2 <= 1'
ok '... to the optimum' near out f 0.0456748087 1e-7
ok '... where the conditions of a minimum hold' near out stationarity 0 1e-6
ok '... or it says that they need not' sh -c "'$gradus' solve --problem sphere --dim 2 --constraint '(x0 - 1)^2 + (x1 - 1)^2 == 1; (x0 - 1)^2 + (x1 - 3)^2 == 1' --json out && grep -q 'may be no multipliers' out && grep -q '\"converged\": false' out"
ok 'a rule that names what collapsed' says reason converged --problem sphere --dim 4 --solver de --stop 'collapseweight(0.5,5,2) and collapsecost(1,20)'
ok 'one by another solver' says converged True --problem rosen --dim 2 --constraint 'x0^2 + x1^2 <= 1' --solver neldermead
ok '... to the optimum' near out f 0.0456748087 1e-6
ok '... not by a rule too loose for it' says converged False --problem rosen --dim 2 --constraint 'x0^2 + x1^2 <= 1' --solver de --stop 'generations(3)'
ok 'one that joins others' says feasible True --problem sphere --dim 2 --solver de --constraint 'x0 >= 2 or x1 >= 1' --penalty linear
ok '... finds the nearer' near out f 1 1e-6
ok 'a quadratic penalty ends outside, and says so' sh -c "'$gradus' solve --problem sphere --dim 2 --constraint 'x0 >= 1' --penalty quadratic --json out 2>err | grep -q 'broken by 0.00497.*: x0 >= 1' && grep -q \"fulfils 'x0 >= 1'\" err && grep -q '\"converged\": false' out"
ok 'transforms that contradict each other are said' sh -c "'$gradus' solve --problem sphere --transform 'at(0, 1); at(0, 2)' --json out 2>err | grep -q 'broken by inf: the transforms' && grep -q 'no point was found' err && grep -q '\"feasible\": false' out && grep -q '\"f\": null' out"
ok 'what cannot be is said' sh -c "'$gradus' solve --problem sphere --constraint 'x0 >= 2; x0 <= 1' 2>err | grep -q 'may be infeasible' && grep -q 'no point was found' err"
ok 'whole numbers' says x '[1.0, 1.0, 1.0]' --problem rosen --dim 3 --solver de --seed 2 --transform integers --stop 'vtr(1e-9) or generations(2000)'
ok 'the most, in a ring' says feasible True --problem sphere --dim 2 --maximise --constraint 'x0^2 + x1^2 <= 4'
ok '... is 4' near out f 4 1e-6
ok 'a function of the cost' says f 0.0 --problem sphere --x0 0,0,0 --outer 'log(1 + x0)'
ok 'a model finds the parameters of its data' says feasible True --data "$OLDPWD/data/mogi.txt" --solver cma --constraint 'x2 <= 3.5' --penalty linear,k=1e6 --stop 'evaluations(6000)'
ok '... at the bound, which the data would pass' near out x 3.5 1e-3 2
ok '... by another metric' says problem polynomial --data "$OLDPWD/data/decay.txt" --model polynomial --dim 3 --metric absolute --stop 'evaluations(200)'
for spec in serial threads:3 fork:2; do
    ok "a coupled problem over $spec is the same" sh -c "'$gradus' solve --problem rastrigin --solver de --seed 4 --map $spec --transform 'x0 = 1 + x1' --constraint 'sum(x) >= 2' --penalty quadratic --stop 'evaluations(1500)' --json - 2>/dev/null | grep -v seconds >'$spec' && cmp serial '$spec'"
done
for spec in serial threads:3 fork:2; do
    ok "costs from a cache over $spec" sh -c "'$gradus' solve --problem rastrigin --dim 3 --solver de --seed 4 --map $spec --transform integers --cache 500 --stop 'evaluations(1500)' --json - | grep -v seconds >'$spec' && cmp serial '$spec'"
done
ok '... spare evaluations' sh -c "awk '/repeated/ { exit !(\$2 + 0 > 300) }' serial"
ok '... and change nothing else' sh -c "'$gradus' solve --problem rastrigin --dim 3 --solver de --seed 4 --transform integers --stop 'evaluations(1500)' --json - | grep -v seconds >without && grep -v repeated serial | cmp - without"
ok '... nor does a resumed run pay twice' sh -c "'$gradus' solve --problem rastrigin --dim 3 --solver de --seed 4 --transform integers --cache 500 --stop 'evaluations(780)' --save cached >/dev/null && '$gradus' solve --resume cached --stop 'evaluations(1500)' --json - | grep -v seconds | cmp - serial"
coupled='--dim 4 --solver de --seed 3 --transform x0=x1 --constraint x1>=1 --penalty linear'
# shellcheck disable=SC2086 # words
{
    exits 0 "$gradus" solve --problem rosen $coupled --stop 'evaluations(3000)' --json whole
    exits 0 "$gradus" solve --problem rosen $coupled --stop 'evaluations(1111)' --save coupled.state
}
ok 'a state knows what is coupled' exits 0 "$gradus" solve --resume coupled.state --stop 'evaluations(3000)' --json part
ok '... and ends as one that was not interrupted' sh -c 'grep -v seconds whole >a; grep -v seconds part | cmp - a'
cp "$OLDPWD/data/mogi.txt" mine.txt
exits 0 "$gradus" solve --data mine.txt --stop 'evaluations(50)' --save fit.state
ok 'a fit is gone on with' exits 0 "$gradus" solve --resume fit.state --stop 'evaluations(60)'
echo '1 1 1 1 1 1' >>mine.txt
ok '... but not with other data' refused 'did the data change' --resume fit.state --stop 'evaluations(80)'

# ---- what lesson 20 shows is what comes out
shown() {
    (cd "$OLDPWD" && python3 - "$gradus" lessons/20_constraints/README.md <<'P'
import re, subprocess, sys
blocks = re.findall(r"^```console\n\$ build/gradus (.*)\n((?:.*\n)*?)```$", open(sys.argv[2]).read(), re.M)
assert len(blocks) >= 6, len(blocks)
for words, want in blocks:
    got = subprocess.run(sys.argv[1] + " " + words, shell=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    assert got == want, words + ":\n" + got
P
    )
}
ok 'all that lesson 20 shows' shown

# ---- the way, in characters
ok 'the way over the surface' sh -c "'$gradus' solve --problem rosen --dim 2 --x0=-1.2,1 --show >out && [ \$(grep -c '^  |.\{64\}|' out) = 24 ] && grep -q 'S' out && grep -q '[*]' out"
ok '... begins above left, and ends above right of its valley' sh -c "awk '/\|.*S/ { s = index(\$0, \"S\") } /\|.*[*]/ { e = index(\$0, \"*\") } /ooooo/ { v = NR } END { exit !(s < 20 && e > 45 && v > 15) }' out"
ok '... where there is no surface' exits 0 "$gradus" solve --problem sphere --dim 2 --x0 1,1 --show --stop 'evaluations(0)'

# ---- what it refuses: one line, code 2, nothing printed
ok 'without words' refused 'expected --problem'
ok 'an unknown problem' refused "did you mean 'rosen'" --problem rosne
ok 'an unknown solver' refused "did you mean 'powell'" --problem rosen --solver powel
ok 'an unknown option of a solver' refused "did you mean 'xtol'" --problem rosen --solver powell,xtl=1
ok 'an unknown rule' refused "did you mean 'cog'" --problem rosen --stop cogg
ok 'a rule that ends too early' refused "ends where" --problem rosen --stop 'cog and'
ok 'an unknown option' refused '--problem' --prblem rosen
ok 'too few numbers' refused 'expected 3' --problem rosen --dim 3 --x0 1,2
ok 'too many numbers' refused 'left over' --problem rosen --dim 3 --x0 1,2,3,4
ok 'as many dimensions as the start has numbers' says dim 2 --problem rosen --x0 1,2
ok '... if the problem has so many' refused 'easom has 2 dimensions, not 3' --problem easom --x0 1,2,3
ok 'the state of something else' refused 'expected a state that' --resume "$OLDPWD/README.md"
ok 'a bad number' refused "'a'" --problem rosen --x0 1,a,3
ok 'a start outside the bounds' refused 'x1 = 11 lies outside its bounds' --problem rosen --x0 1,11,3
ok 'bounds the wrong way round' refused 'lo <= hi' --problem rosen --bounds 2:1
ok 'half a bound' refused 'expected lo:hi' --problem rosen --bounds 2
ok 'too few bounds' refused 'expected 1 for all, or 3' --problem rosen --bounds 0:1,0:1
ok 'a bad constraint' refused 'column 7: expected a number' --problem rosen --constraint 'x0 <= '
ok 'a bad penalty' refused "did you mean 'linear'" --problem rosen --constraint 'x0 <= 1' --penalty liner
ok 'a penalty for nothing' refused '--penalty without --constraint' --problem rosen --penalty linear
ok 'a barrier for an equality' refused 'an equality' --problem rosen --constraint 'x0 == 1' --penalty barrier
ok 'a map beside the Lagrangian' refused '--map beside' --problem rosen --constraint 'x0 <= 1' --map fork
ok 'a rule for rounds of no solver' refused 'expected both' --problem rosen --constraint 'x0 <= 1' --stop cog
ok 'a rule for rounds that is none' refused "did you mean 'cog'" --problem rosen --constraint 'x0 <= 1' --solver de --stop cogg
ok 'weights for the Lagrangian' refused 'lagrange alone' --problem rosen --constraint 'x0 <= 1' --penalty lagrange,k=5
ok 'a cache for the Lagrangian' refused '--cache beside' --problem rosen --constraint 'x0 <= 1' --cache 9
ok 'a cache too large' refused 'expected at most' --problem rosen --cache 999999999
ok 'a bad transform' refused "did you mean 'integers'" --problem rosen --transform integer
ok 'bad ranges' refused "did you mean 'clip'" --problem rosen --transform integers --ranges clp
ok 'ranges for nothing' refused '--ranges without --transform' --problem rosen --ranges clip
ok 'a bad outer function' refused 'unknown word' --problem rosen --outer 'lg(x0)'
ok 'two lines' refused 'expected one line' --problem rosen --transform 'integers
sorted'
ok 'data that are not there' refused 'cannot read no-such' --data no-such
ok 'data and a problem' refused '--data beside --problem' --data no-such --problem rosen
ok 'a model without data' refused '--model without --data' --problem rosen --model decay
echo '1 2 3' >bad.data
ok 'bad data' refused 'bad.data: 3 columns' --data bad.data --model mogi
ok 'a constraint beside a state' refused '--constraint beside --resume' --resume no-such --constraint 'x0 <= 1'
ok 'a way in three dimensions' refused '--show: expected 2 dimensions' --problem rosen --show
ok 'no dimensions' refused '--dim 0' --problem rosen --dim 0
ok 'too many dimensions for a problem' refused 'has 2 dimensions, not 3' --problem easom --dim 3
ok 'too many dimensions for a solver' refused 'does not fit' --problem rosen --dim 100000
ok 'a bad map' refused 'did you mean fork' --problem rosen --map frok:2
ok 'a plot that is no svg' refused 'ends in .svg' --problem rosen --plot a.png
ok 'a log that cannot be' refused 'cannot write' --problem rosen --log /dev/null/log
ok 'a result that cannot be' exits 2 "$gradus" solve --problem rosen --json /dev/null/result
ok 'a state that is not there' refused 'no-such' --resume no-such
echo nonsense >bad.state
ok 'a state that is none' sh -c "'$gradus' solve --resume bad.state 2>err; [ \$? = 2 ] && [ \$(wc -l <err) = 1 ] && grep -q bad.state err"
exits 0 "$gradus" solve --problem rosen --save good.state >/dev/null
ok 'words that the state has' refused '--problem beside --resume' --resume good.state --problem rosen

# ---- how many evaluations solvers need
ok 'a contest is the same over any map' sh -c "
    for map in serial threads:2 fork; do '$gradus' contest quadratic de --dim 3 --instances 2 --budget 500 --map \$map --json \$map >\$map.txt || exit 1; done
    cmp serial threads:2 && cmp serial fork && cmp serial.txt fork.txt"
ok '... and says what was reached' grep -Eq '^quadratic +[0-9]+ +[0-9]+' serial.txt
ok '... NLopt, too, or why it is not there' sh -c "'$gradus' contest nlopt --dim 2 --instances 1 --budget 50 | grep -Eq '^nlopt |built without NLopt'"
ok 'the time that solvers take themselves' sh -c "'$gradus' contest --overhead --json own >own.txt && grep -Eq '^  ratio +[0-9.]+x|without NLopt' own.txt && python3 -c '
import json
d = json.load(open(\"own\"))
assert \"skipped\" in d or [p[\"ours\"] for p in d[\"pairs\"]] == [\"neldermead\", \"quadratic\"]'"
contest() { words=$1; shift; refuses "$words" "$gradus" contest "$@"; }
ok '^C in it: a reason, and no half a document' sh -c "timeout -s INT --preserve-status 0.7 '$gradus' contest --map fork:2 --json cut >cut.txt 2>err; [ \$? = 130 ] && grep -q 'contest: interrupted' err && [ ! -s cut.txt ] && ! ls cut cut.*.new 2>/dev/null"
ok 'a solver that is none' contest "did you mean 'powell'" powel
ok 'a function that is none' contest "did you mean 'cigar'" --function cigr
ok 'a rule that is none' contest "did you mean 'cog'" --stop cogg
ok 'too few dimensions' contest 'expected 2 to 40' --dim 1
ok 'a solver for --overhead' contest "'de' beside --overhead" de --overhead
ok 'too many instances' contest 'at most 1000' --instances 1001
ok 'a result that cannot be written' exits 2 "$gradus" contest de --dim 2 --instances 1 --budget 9 --json /dev/null/x
ok 'a result on a full disk' sh -c "'$gradus' contest de --dim 2 --instances 1 --budget 9 --json - >/dev/full 2>err; [ \$? = 2 ]"

# ---- killed, and gone on with
long='--problem rosen --dim 20 --solver neldermead --seed 3 --stop evaluations(25000)or(generations(1e9))'
same() { # two documents, but for the seconds
    grep -v seconds "$1" >a
    grep -v seconds "$2" | cmp - a
}
# shellcheck disable=SC2086 # words
exits 0 "$gradus" solve $long --json whole --log whole.log
killed=0
for wait in 0.02 0.05 0.1 0.2 0.3; do
    rm -f part.state part.log part
    # shellcheck disable=SC2086 # words
    "$gradus" solve $long --save part.state --every 50 --log part.log >/dev/null 2>&1 &
    pid=$!
    for _ in $(seq 200); do [ -s part.state ] && break; sleep 0.01; done
    sleep $wait
    kill -9 $pid 2>/dev/null && killed=$((killed + 1))
    wait $pid 2>/dev/null
    ok "killed $wait s after its first state, it goes on to the same end" sh -c "'$gradus' solve --resume part.state --json part --log part.log >/dev/null"
    ok '... bit for bit' same whole part
    ok '... with the same log' sh -c "grep -v '^# stop' whole.log >a; grep -v '^# stop' part.log | cmp - a"
done
ok 'it was killed, and had not ended before' [ $killed -ge 3 ]

# ---- ^C: a clear reason, the best so far, and the state
interrupted() { # SIGNAL CODE
    python3 - "$1" "$2" "$gradus" <<'P'
import json, os, signal, subprocess, sys, time
p = subprocess.Popen([sys.argv[3], "solve", "--problem", "rosen", "--dim", "20", "--stop", "evaluations(1e9) or generations(1e9)",
                      "--save", "int.state", "--json", "-"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
time.sleep(0.4)
p.send_signal(getattr(signal, "SIG" + sys.argv[1]))
out, err = p.communicate(timeout=20)
assert p.returncode == int(sys.argv[2]), (p.returncode, err)
assert err.count(b"\n") == 1 and b"interrupted: the best so far is shown, and the state is saved" in err, err
d = json.loads(out)
assert d["reason"] == "interrupted" and not d["converged"] and d["evaluations"] > 1 and d["f"] is not None, d
more = d["evaluations"] + 10
r = subprocess.run([sys.argv[3], "solve", "--resume", "int.state", "--stop", f"evaluations({more}) or generations(1e9)", "--json", "-"], stdout=subprocess.PIPE, check=True)
assert json.loads(r.stdout)["evaluations"] == more
P
}
ok '^C ends with the best so far' interrupted INT 130
ok 'SIGTERM, too' interrupted TERM 143
rounds() { # the augmented Lagrangian has no state to save, but an answer
    python3 - "$gradus" <<'P'
import json, signal, subprocess, sys, time
p = subprocess.Popen([sys.argv[1], "solve", "--problem", "rosen", "--dim", "2000", "--constraint", "sum(x) == 2001; x0*x1 >= 2", "--json", "-"],
                     stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
time.sleep(0.4)
p.send_signal(signal.SIGINT)
out, err = p.communicate(timeout=20)
assert p.returncode == 130, (p.returncode, err)
assert b"interrupted: the best so far is shown" in err, err
d = json.loads(out)
assert d["reason"] == "interrupted" and not d["converged"] and len(d["x"]) == 2000, d["reason"]
P
}
ok '^C in the rounds of a Lagrangian, too' rounds
ok '... over a map whose jobs are never waited for' sh -c "timeout --preserve-status --kill-after=20 0.5 '$gradus' solve --problem rosen --dim 100 --solver cma --stop 'evaluations(1e9)' --map threads:2 >out; [ \$? = 143 ] && grep -q 'somebody asked it to stop' out"
asked() { # the menu, on a terminal: best, a wrong word, continue; then exit
    python3 - "$gradus" <<'P'
import os, pty, signal, sys, time
pid, fd = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], [sys.argv[1], "solve", "--problem", "rosen", "--dim", "20", "--stop", "evaluations(1e9) or generations(1e9)"])
def until(word):
    text = b""
    while word not in text:
        text += os.read(fd, 4096)
    return text
time.sleep(0.4)
os.write(fd, b"\x03")
until(b"paused")
os.write(fd, b"best\n"); until(b"best cost")
os.write(fd, b"contniue\n"); until(b"did you mean 'continue'")
os.write(fd, b"continue\n"); time.sleep(0.3)
os.write(fd, b"\x03"); until(b"paused")
os.write(fd, b"exit\n"); until(b"interrupted")
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 130
P
}
ok '^C on a terminal is a question' asked

# ---- a full disk: what was there before stays
cp good.state before
ok 'no room for the state: a reason' sh -c "ulimit -f 0; trap '' XFSZ; '$gradus' solve --resume good.state --stop 'cog(1e-12)' 2>&1 >/dev/null | grep -q good.state"
ok '... and the older one is there' cmp good.state before
ok '/dev/full for the result' sh -c "'$gradus' solve --problem sphere --json - >/dev/full 2>err; [ \$? = 2 ] && grep -q 'cannot write' err"

# ---- plots
if command -v gnuplot >/dev/null; then
    ok 'the way down, drawn' exits 0 "$gradus" solve --problem rosen --dim 3 --plot way.svg
    ok '... is a drawing' grep -q '</svg>' way.svg
    ok 'in two dimensions also the surface' exits 0 "$gradus" solve --problem peaks --plot two.svg
    ok '... is a drawing' grep -q '</svg>' two-map.svg
else
    skip 'plots' 'no gnuplot'
fi
done_testing

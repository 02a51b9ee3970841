#!/bin/sh
# words.sh -- every bad word gets one clear line and exit code 2; --help teaches.
# shellcheck source=bench/tests/tap.sh
. bench/tests/tap.sh
cd "$work" || exit 1

ok 'an unknown command names the nearest' refuses "did you mean 'bench'" "$gradus" bensh
ok 'an unknown ladder names the nearest' refuses "did you mean 'mandelbrot'" "$gradus" run mandelbort
ok 'an unknown rung names the nearest' refuses "did you mean 'simd'" "$gradus" bench mandelbrot/sidm
ok 'a rung of the sister ladder is found' refuses 'jacobi/tiled is one' "$gradus" run laplace/tiled
ok 'an unknown option names the nearest' refuses "did you mean '--size'" "$gradus" run laplace --sise 3
ok 'an option without its value' refuses 'needs a value' "$gradus" bench --size
ok 'size 0' refuses 'size 0' "$gradus" run laplace --size 0
ok 'size 0 of a bench' refuses 'size 0' "$gradus" bench square --size 0
ok 'a size that is no number' refuses 'whole number' "$gradus" run laplace --size -5
ok 'a size too large for the memory' refuses 'are free' "$gradus" run laplace --size 4000000
ok 'a size beyond all numbers' refuses 'too large' "$gradus" run laplace --size 99999999999999999999999
ok 'a bad budget' refuses 'such as 45s' "$gradus" bench --budget soon
ok 'bad numbers of workers' refuses 'whole number' "$gradus" bench --procs 1,two
ok 'no workers' refuses 'expected 1 to 4096' "$gradus" bench --procs 0
ok 'too many workers' refuses 'expected 1 to 4096' "$gradus" run laplace --procs 100000
ok 'run without a ladder' refuses 'expected one LADDER' "$gradus" run
ok 'list with a stray word' refuses "unexpected 'all'" "$gradus" list all
ok 'report of a folder without results' refuses 'no results' "$gradus" report "$work"
ok 'compare with one folder' refuses 'compare' "$gradus" compare "$work"
ok 'learn outside the project' refuses 'no lessons here' "$gradus" learn
ok 'an unknown word of learn' exits 2 sh -c "cd '$root' && '$gradus' learn chekc"
ok '... names the nearest' grep -q "did you mean 'check'" "$work/err"
ok 'steps 0' refuses 'steps 0' "$gradus" bench laplace --steps 0
ok 'steps of a ladder that has none' refuses 'square has none' "$gradus" run square --steps 3
ok 'no workers of a run' refuses 'procs 0' "$gradus" run laplace/threads --procs 0
ok 'several workers of a rung for one core' refuses 'one core' "$gradus" run mandelbrot/simd --procs 3
ok 'no time at all' refuses 'such as 45s' "$gradus" bench --budget 0
ok 'an empty value' refuses 'not empty' "$gradus" bench --out=
ok 'a value for a flag' refuses 'takes no value' "$gradus" list --json=yes
ok 'step 0 of a lesson' refuses 'step 0' "$gradus" learn --step 0
ok 'an empty word' refuses 'unknown command' "$gradus" ''
ok 'a picture of what has none' refuses 'no picture' "$gradus" run square --png "$work/a.png"
ok 'a document that cannot be written is said before measuring' refuses 'cannot write' "$gradus" bench square --json /nowhere/d.json
ok '... or is a folder' refuses 'Is a directory' "$gradus" bench square --json "$work"
mkfifo pipe
ok 'a picture that is asked for and cannot be written' exits 2 "$gradus" run mandelbrot/simd --size 20 --png /nowhere/a.png
ok '... in words' grep -q 'cannot write /nowhere/a.png' err
ok 'what is no file is not replaced by a picture' exits 2 "$gradus" run mandelbrot/simd --size 20 --png "$work/pipe"
ok '... and stays' [ -p pipe ]
rm pipe
ok 'nothing was left behind' sh -c '! ls -A | grep -v -e out -e err -e ok.out'

for command in list machine run bench compare report map learn texts; do
    ok "gradus $command --help" exits 0 "$gradus" "$command" --help
    ok "... names its words" grep -q "gradus $command" "$work/out"
done
ok 'gradus alone shows the commands' exits 2 "$gradus"
ok 'gradus --help shows the commands' exits 0 "$gradus" --help
ok 'gradus --version says its version' exits 0 "$gradus" --version
ok '... in one line' grep -qE '^gradus [0-9]+[.][0-9]+[.][0-9]+$' "$work/out"
if [ -c /dev/full ]; then
    ok 'output to a full disk is no success' sh -c "'$gradus' list >/dev/full 2>err; [ \$? = 2 ] && grep -q 'No space left' err"
fi
ok 'output to a closed stream is no success' sh -c "'$gradus' list >&- 2>err; [ \$? = 2 ] && grep -q 'cannot write standard output' err"
ok 'a reader that has had enough is no mistake' sh -c "'$gradus' list 2>err | head -n 1 | grep -q square && [ ! -s err ]"
ok 'list --json is JSON with the agreed names' sh -c "'$gradus' list --json | python3 -c '
import json, sys
d = json.load(sys.stdin)
assert set(d) >= {\"lessons\", \"ladders\", \"problems\", \"solvers\", \"maps\", \"tasks\"}
assert {\"fermat\", \"millerrabin\", \"square\", \"sleep\", \"mandelrow\"} <= {t[\"name\"] for t in d[\"tasks\"]}
assert \"serial\" in {m[\"name\"] for m in d[\"maps\"]}
for l in d[\"ladders\"]: assert l[\"name\"] and all({\"name\", \"idea\", \"needs\"} <= set(r) for r in l[\"rungs\"])
'"
done_testing

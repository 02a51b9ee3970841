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
ok 'nothing was left behind' sh -c '! ls -A | grep -v -e out -e err -e ok.out'

for command in list machine run bench compare report learn texts; do
    ok "gradus $command --help" exits 0 "$gradus" "$command" --help
    ok "... names its words" grep -q "gradus $command" "$work/out"
done
ok 'gradus alone shows the commands' exits 2 "$gradus"
ok 'gradus --help shows the commands' exits 0 "$gradus" --help
ok 'list --json is JSON with the agreed names' sh -c "'$gradus' list --json | python3 -c '
import json, sys
d = json.load(sys.stdin)
assert set(d) >= {\"lessons\", \"ladders\", \"problems\", \"solvers\", \"maps\", \"tasks\"}
for l in d[\"ladders\"]: assert l[\"name\"] and all({\"name\", \"idea\", \"needs\"} <= set(r) for r in l[\"rungs\"])
'"
done_testing

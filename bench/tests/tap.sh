# shellcheck shell=sh
# tap.sh -- what the program's tests share. Use: . bench/tests/tap.sh; ok "name" command...; done_testing
set -u
root=$(pwd)
gradus=$root/${BUILD:-build}/gradus
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tests=0 failures=0

# ok NAME COMMAND... -- a test that passes if the command does
ok() {
    name=$1
    shift
    tests=$((tests + 1))
    if "$@" >"$work/ok.out" 2>&1; then
        echo "ok $tests - $name"
    else
        failures=$((failures + 1))
        echo "not ok $tests - $name"
        sed 's/^/# /' "$work/ok.out" | head -n 20
    fi
}

# skip NAME WHY
skip() {
    tests=$((tests + 1))
    echo "ok $tests - $1 # SKIP $2"
}

# exits CODE COMMAND... -- runs it, keeps its words in $work/out and $work/err, and compares the exit code
exits() {
    wanted=$1
    shift
    "$@" >"$work/out" 2>"$work/err" </dev/null
    got=$?
    [ $got = "$wanted" ] || { echo "exit code $got, expected $wanted"; cat "$work/out" "$work/err"; return 1; }
}

# refuses WORDS COMMAND... -- exit code 2, one line on stderr with WORDS in it, nothing on stdout
refuses() {
    words=$1
    shift
    exits 2 "$@" || return 1
    [ "$(wc -l <"$work/err")" = 1 ] || { echo "expected one line:"; cat "$work/err"; return 1; }
    [ ! -s "$work/out" ] || { echo "unexpected output:"; cat "$work/out"; return 1; }
    grep -qF -- "$words" "$work/err" || { echo "expected '$words' in:"; cat "$work/err"; return 1; }
}

# no_children -- no process of the measuring program is left
no_children() {
    sleep 0.3
    ! pgrep -f "$gradus measure" || { echo "left behind:"; pgrep -af "$gradus measure"; return 1; }
}

done_testing() {
    echo "1..$tests"
    [ $failures = 0 ]
}

#!/bin/sh
# deps.sh [test] -- installs what is missing to build and to measure (and, with `test`, to test).
#
# Silent and quick when all is there. As root, or through sudo, it asks apt; elsewhere it prints what
# to install and what each missing piece switches off. It edits no user's files.
set -eu

# what to look for | Debian package | what is missing without it
needed() {
    cat <<END
program gcc|build-essential|everything
header hwloc.h|libhwloc-dev|everything
header jansson.h|libjansson-dev|everything
header Random123/philox.h|librandom123-dev|everything
header xxhash.h|libxxhash-dev|everything
library openblas|libopenblas-dev|everything
program git|git|make reset; the commit in reports
program mpicc|libopenmpi-dev|lesson 14, rungs and maps on MPI ranks
program mpirun|openmpi-bin|the same
program gnuplot|gnuplot-nox|plots and pictures
END
}
needed_for_tests() {
    cat <<END
header cmocka.h|libcmocka-dev|unit tests
header nlopt.h|libnlopt-dev|the solver nlopt, with which ours are compared
header cbor.h|libcbor-dev|the test that another library reads what is packed
program prove|perl|unit tests
program clang|clang|the second compiler
program clang-format|clang-format|make lint
program cppcheck|cppcheck|make lint
program shellcheck|shellcheck|make lint
program valgrind|valgrind|make memcheck
program chromium|chromium|the report seen in a browser
program pkg-config|pkg-config|the test of make install
program pgrep|procps|the tests that kill
program python3|python3|the test of other tools reading the results
program slurmctld|slurmctld|ranks in a job of a real Slurm
program slurmd|slurmd|ranks in a job of a real Slurm
program salloc|slurm-client|ranks in a job of a real Slurm
program munged|munge|ranks in a job of a real Slurm
program ip|iproute2|ranks in a job of a real Slurm
font dejavu|fonts-dejavu-core|letters in pictures
END
}

has() { # kind name
    case $1 in
    program) command -v "$2" >/dev/null 2>&1 ;;
    header) echo "#include <$2>" | ${CC:-gcc} -E -x c - >/dev/null 2>&1 ;;
    library) echo "int main(void){return 0;}" | ${CC:-gcc} -x c - -l"$2" -o /dev/null >/dev/null 2>&1 ;;
    font) ls /usr/share/fonts/truetype/"$2"* >/dev/null 2>&1 ;;
    esac
}

PATH=$PATH:/usr/sbin:/sbin
missing='' effects=''
look() {
    while IFS='|' read -r what package effect; do
        # shellcheck disable=SC2086 # two words
        has $what && continue
        missing="$missing $package"
        effects="$effects
  $package: without it, $effect"
    done
}
tmp=$(mktemp)
trap 'rm -f "$tmp"' EXIT
{ needed; if [ "${1:-}" = test ]; then needed_for_tests; fi; } >"$tmp"
look <"$tmp"
[ -n "$missing" ] || exit 0

asroot=''
if [ "$(id -u)" != 0 ]; then asroot=$(command -v sudo || true); fi
if command -v apt-get >/dev/null 2>&1 && { [ "$(id -u)" = 0 ] || [ -n "$asroot" ]; }; then
    echo "deps: installing$missing"
    export DEBIAN_FRONTEND=noninteractive
    log=$(mktemp)
    # shellcheck disable=SC2086 # a list of packages
    if $asroot apt-get update -qq >"$log" 2>&1 &&
        $asroot apt-get install -y -qq --no-install-recommends $missing >>"$log" 2>&1; then
        rm -f "$log"
        exit 0
    fi
    tail -n 5 "$log" >&2
    echo "deps: apt could not install$missing" >&2
    rm -f "$log"
    exit 2
fi

cat >&2 <<END
deps: missing:$effects

Install them, or load your cluster's modules, then run make again:
  dnf install gcc make hwloc-devel jansson-devel openblas-devel xxhash-devel openmpi-devel gnuplot libcmocka-devel libcbor-devel valgrind
  brew install hwloc jansson openblas xxhash open-mpi gnuplot cmocka libcbor     (Random123: headers only, put them in CPATH)
  module load gcc openmpi hwloc openblas gnuplot
END
exit 2

#!/bin/sh
# registry.sh -- prints the tables of all that registers by being defined, that is by a line such as
#     const gr_ladder gr_ladder_mandelbrot = {
# at its start. `registry.sh program` prints those of the program, `registry.sh library` those that
# are part of libgradus.
set -eu

table() { # type table files...
    type=$1 table=$2
    shift 2
    names=$(sed -n "s/^const $type \(gr_[a-z0-9_]*\) = {.*/\1/p" "$@")
    for name in $names; do echo "extern const $type $name;"; done
    echo "const $type *const ${table}[] = {"
    for name in $names; do echo "    &$name,"; done
    echo "    NULL,"
    echo "};"
}

echo '// Made by bench/registry.sh: do not edit.'
case $1 in
program)
    echo '#include "lib/ladder.h"'
    echo '#include "lib/map.h"'
    table gr_ladder gr_ladders lessons/*/*.c
    table gr_func gr_funcs lessons/*/ladder*.c bench/*.c
    ;;
library)
    echo '#include "lib/map_type.h"'
    echo '#include "solvers/solver_type.h"'
    table gr_map_type gr_map_types lib/*.c parallel/*.c
    table gr_problem_type gr_problem_types solvers/*.c
    table gr_solver_type gr_solver_types solvers/*.c
    ;;
esac

#!/bin/sh
# registry.sh -- prints build/registry.c: the tables of all that registers by being defined, that is
# by a line such as   const gr_ladder gr_ladder_mandelbrot = {   at the start of a line.
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
echo '#include "lib/ladder.h"'
table gr_ladder gr_ladders lessons/*/*.c

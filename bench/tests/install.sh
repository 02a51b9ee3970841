#!/bin/sh
# install.sh -- what is installed is enough: a program of a user's own, through pkg-config.
# shellcheck source=bench/tests/tap.sh
. bench/tests/tap.sh
prefix=$work/usr
ok 'make install' make -s install PREFIX="$prefix"
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig" LD_LIBRARY_PATH="$prefix/lib"
cat >"$work/user.c" <<'C'
#include <gradus.h>
#include <stdio.h>
int main(void)
{
    double x[] = {3, 1, 2, 5, 4, 6, 8, 7, 9};
    gr_interval r = gr_median_interval(x, 9, 0.95);
    printf("%g %g %g %d\n", r.lo, r.mid, r.hi, gr_cpu_usable() >= 1);
    return 0;
}
C
# shellcheck disable=SC2046 # flags
ok 'a program links with the shared library' cc -o "$work/user" "$work/user.c" $(pkg-config --cflags --libs gradus)
ok '... and runs' sh -c "[ \"\$('$work/user')\" = '2 5 8 1' ]"
# shellcheck disable=SC2046
ok 'a program links with the static library' cc -o "$work/user" "$work/user.c" $(pkg-config --cflags gradus) "$prefix/lib/libgradus.a" -lhwloc -lpthread -lm
ok '... and runs' sh -c "[ \"\$('$work/user')\" = '2 5 8 1' ]"
ok 'the manual page is there' [ -s "$prefix/share/man/man1/gradus.1" ]
ok 'nothing needs the checkout' sh -c "cd / && '$prefix/bin/gradus' list >/dev/null"
ok 'make uninstall' make -s uninstall PREFIX="$prefix"
ok '... leaves no file' sh -c "! find '$prefix' -type f | grep ."
done_testing

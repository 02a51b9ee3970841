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
cat >"$work/solve.c" <<'C'
#include <gradus.h>
#include <stdio.h>
static gr_status cost(const double *x, size_t n, void *context, double *f)
{
    (void)n;
    *f = (x[0] - 1) * (x[0] - 1) + (x[1] - *(double *)context) * (x[1] - *(double *)context);
    return GR_OK;
}
int main(void)
{
    double two = 2, lo[] = {-5, -5}, hi[] = {5, 5}, x[2];
    gr_problem p = {.name = "mine", .cost = cost, .context = &two, .n = 2, .lo = lo, .hi = hi};
    gr_map *map;
    gr_solver *s;
    gr_stop stop;
    if (gr_map_new(&map, "fork:2", NULL)) return 1;
    gr_solver_options o = {.spec = "de,np=20", .map = map, .stop = "crt(1e-6,1e-9) or evaluations(20000)"};
    if (gr_solver_new(&s, &p, &o) || gr_solver_solve(s, &stop)) return puts(gr_errmsg()), 1;
    gr_solver_best(s, x);
    printf("%.4f %.4f %s\n", x[0], x[1], gr_stop_name(stop));
    gr_solver_free(s), gr_map_free(map);
    return 0;
}
C
# shellcheck disable=SC2046
ok 'a problem of one'"'"'s own, in strict C11' cc -std=c11 -o "$work/solve" "$work/solve.c" $(pkg-config --cflags --libs gradus)
ok '... is solved, over two processes' sh -c "[ \"\$('$work/solve')\" = '1.0000 2.0000 converged' ]"
# shellcheck disable=SC2046
ok "the talk's program of lesson 19" cc -std=c11 -Wall -Werror -o "$work/talk" lessons/19_optimizers/talk.c $(pkg-config --cflags --libs gradus)
awk '/^<!-- talk.c prints -->/ { on = 1; next } on && /^```/ { if (fence++) exit; next } on' lessons/19_optimizers/README.md >"$work/shown"
ok '... prints what the lesson shows, to the last digit' sh -c "grep -q '^251 evaluations' '$work/shown' && '$work/talk' | cmp - '$work/shown'"
# The same program on ranks: one string changed, and one line for the others.
sed -e 's|    if (gr_map_new(&map, "fork:2", NULL)) return 1;|    if (gr_ranks_begin()) return 1;\n    if (gr_rank() > 0) { int bad = gr_solver_serve("mpi", \&p); gr_ranks_end(); return bad; }\n    if (gr_map_new(\&map, "mpi", NULL)) return 1;|' \
    -e 's|gr_map_free(map);|gr_map_free(map), gr_ranks_end();|' "$work/solve.c" >"$work/ranks.c"
if [ -f "$prefix/lib/libgradus-mpi.a" ]; then
    # shellcheck disable=SC2046
    ok 'a program on ranks' mpicc -o "$work/ranks" "$work/ranks.c" $(pkg-config --cflags --libs gradus-mpi)
    ok '... solves the same, over two of them' sh -c "[ \"\$(mpirun --allow-run-as-root --oversubscribe -n 2 '$work/ranks')\" = '1.0000 2.0000 converged' ]"
else
    skip 'a program on ranks' 'built without MPI'
fi
ok 'the manual page is there' [ -s "$prefix/share/man/man1/gradus.1" ]
ok 'nothing needs the checkout' sh -c "cd / && '$prefix/bin/gradus' list >/dev/null"
ok 'make uninstall' make -s uninstall PREFIX="$prefix"
ok '... leaves no file' sh -c "! find '$prefix' -type f | grep ."
done_testing

// SPDX-License-Identifier: BSD-3-Clause
// Every rung of every ladder against rung 0 at the edge sizes, parallel ones with several workers.
// A row of a table is a test; a new rung is tested by being there.
#include "lib/ladder.h"
#include <stdio.h>
#include <string.h>

// A refused allocation shall return NULL under the sanitizers, too.
const char *__asan_default_options(void);
// Boxed numbers are allocated by the million: no stack is kept of each, and little memory held
// back.
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1:quarantine_size_mb=8:malloc_context_size=1";
}
const char *__tsan_default_options(void);
const char *__tsan_default_options(void) { return "allocator_may_return_null=1"; }

static int tests, failed;

static void check(const gr_ladder *ladder, const gr_rung *rung, int workers, gr_truths *truths)
{
    gr_status status = gr_ladder_check_edges(ladder, rung, workers, truths, NULL, NULL);
    tests++;
    failed += status != GR_OK;
    printf("%s %d - %s/%s with %d worker%s%s%s\n", status ? "not ok" : "ok", tests, ladder->name,
           rung->name, workers, workers == 1 ? "" : "s", status ? ": " : "",
           status ? gr_errmsg() : "");
    fflush(stdout);
}

// ThreadSanitizer makes everything many times slower, and has to see only what has threads.
#ifdef __SANITIZE_THREAD__
static const bool only_threads = true;
#else
static const bool only_threads = false;
#endif

static void check_rung(const gr_ladder *ladder, const gr_rung *rung, gr_truths *truths)
{
    if (only_threads && rung->launcher == GR_LAUNCH_NONE) return;
#if defined __SANITIZE_ADDRESS__
    if (rung == ladder->rungs)
        return; // it is run as the truth of the others, and that is slow enough
#endif
// A sanitizer allocates boxed numbers for minutes: the truth of each check. One crowd must do.
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
    static const int crowds[] = {3};
#else
    static const int crowds[] = {1, 2, 3, 5};
#endif
    if (gr_rung_lacks(rung)) {
        printf("ok %d - %s/%s # SKIP %s\n", ++tests, ladder->name, rung->name, gr_rung_lacks(rung));
        return;
    }
    if (!rung->run) { // bench/tests/mpi.sh starts its ranks
        printf("ok %d - %s/%s # SKIP runs on MPI ranks\n", ++tests, ladder->name, rung->name);
        return;
    }
    for (size_t i = 0; i < (rung->launcher == GR_LAUNCH_NONE ? 1 : sizeof crowds / sizeof *crowds);
         i++)
        check(ladder, rung, crowds[i], truths);
}

// An absurd size is refused in words, whatever the ladder.
static void check_absurd(const gr_ladder *ladder)
{
    void *problem = NULL;
    gr_status status = ladder->setup(&problem, (gr_size){SIZE_MAX / 4, SIZE_MAX / 4}, 1);
    bool refused = (status == GR_ENOMEM || status == GR_EARG) && !problem;
    tests++;
    failed += !refused;
    printf("%s %d - %s refuses an absurd size\n", refused ? "ok" : "not ok", tests, ladder->name);
    ladder->teardown(problem);
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0); // a child that is forked has nothing of it to write again
    for (const gr_ladder *const *l = gr_ladders; *l; l++) {
        if (argc > 1 && strcmp(argv[1], (*l)->name)) continue;
        gr_truths truths = {0};
        for (const gr_rung *r = (*l)->rungs; r->name; r++) check_rung(*l, r, &truths);
        gr_truths_free(*l, &truths);
        check_absurd(*l);
    }
    printf("1..%d\n", tests);
    return failed != 0;
}

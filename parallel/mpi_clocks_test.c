// SPDX-License-Identifier: BSD-3-Clause
// Run on ranks by bench/tests/mpi.sh. Each rank has a clock of its own making, so that the truth is
// known exactly; what is asserted holds however busy the machine is.
#include "lib/timer.h"
#include "parallel/ranks_clocks.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double began; // the same on all ranks

static bool one_node(void)
{
    const char *here = getenv("OMPI_COMM_WORLD_LOCAL_SIZE");
    return !here || atoi(here) == gr_ranks();
}

// Rank r's clock at the true time t: r x 1000 s ahead, and r x 30 microseconds a second too fast.
static double clock_of(int rank, double t) { return t + rank * (1000 + 30e-6 * (t - began)); }

static double my_clock(void) { return clock_of(gr_rank(), gr_now()); }

static double jumping(void)
{
    static int readings;
    return gr_now() + gr_rank() * (readings++ / 50); // every now and then by a second
}

static void expect(bool holds, const char *what)
{
    if (gr_ranks_max(!holds) == 0) return;
    if (gr_rank() == 0) fprintf(stderr, "not so: %s\n", what);
    exit(1);
}

static double true_time(int rank, double clock)
{
    double rate = rank * 30e-6;
    return (clock - rank * 1000 + rate * began) / (1 + rate);
}

// At each burst, the common time is as near to rank 0's clock as it says. A clock moves on while it
// is asked, by `drifts` at most; on several nodes the leaders are asked a little earlier, so that
// their lines are read a little beyond their ends.
static void made_clocks(void)
{
    gr_clocks clocks = {.read = my_clock};
    began = gr_ranks_max(gr_now());
    for (size_t again = 0; again < 3; again++) {
        gr_clocks_sync(&clocks);
        double drifts = gr_rank() * 30e-6 * (gr_now() - began) + 1e-9, off = 0;
        for (size_t i = 0; i < clocks.bursts; i++) {
            double at = clocks.seen[i].at, truth = clock_of(0, true_time(gr_rank(), at));
            double miss = fabs(gr_clock_there(clocks.line, at) - truth);
            if (!(miss <= off)) off = miss;
        }
        expect(off <= (one_node() ? 1 : 2) * clocks.error + drifts, "the common time is rank 0's");
        expect(clocks.bursts <= (gr_rank() ? 4 + again : 0), "four bursts, then one each time");
        expect(clocks.one == (gr_ranks() == 1), "clocks that differ are not one");
    }
}

// More values than go at once, of which one is NaN on one rank.
static void largest_of_each(void)
{
    enum { VALUES = 300 };
    double values[VALUES];
    bool right = true;
    for (int i = 0; i < VALUES; i++)
        values[i] = i == 200 && gr_rank() == 0    ? (double)NAN
                    : gr_rank() == i % gr_ranks() ? (double)i
                                                  : -1.0 * i;
    gr_ranks_max_each(values, VALUES);
    for (int i = 0; i < VALUES; i++)
        right = right && (i == 200 ? isnan(values[i]) : values[i] == i);
    expect(right, "the largest of each, and NaN");
}

static void a_failure_is_named_once(void)
{
    char want[60];
    int last = gr_ranks() - 1;
    gr_status status = gr_rank() == last ? gr_fail(GR_EDATA, "no salt") : GR_OK;
    for (int again = 0; again < 2; again++) status = gr_ranks_agree(status);
    snprintf(want, sizeof want, last ? "rank %d of %d: no salt" : "no salt", last, last + 1);
    expect(status == GR_EDATA && !strcmp(gr_errmsg(), want), "the failure names its rank, once");
}

static void gathered_in_order(void)
{
    int mine[2] = {gr_rank(), -gr_rank()}, *all = malloc((size_t)gr_ranks() * sizeof mine);
    bool right = all;
    gr_ranks_gather(mine, sizeof mine, all);
    for (int r = 0; right && gr_rank() == 0 && r < gr_ranks(); r++)
        right = all[2 * r] == r && all[2 * r + 1] == -r;
    expect(right, "what each rank has, in their order");
    free(all);
}

// Of several nodes it is not known that they read one clock, even where they do.
static void true_clocks(void)
{
    gr_clocks clocks = {.read = gr_now};
    gr_clocks_sync(&clocks);
    expect(gr_ranks_per_node() == (one_node() ? gr_ranks() : 2), "so many are on a node");
    expect(clocks.one == one_node(), "ranks of a machine read one clock");
    expect(clocks.drift == 0 || !one_node(), "which does not drift");
    expect(clocks.error < 10 && (clocks.error > 0) == (gr_ranks() > 1),
           "it is known how well that was looked at");
    double may = one_node() ? 0 : 2 * clocks.error + 1e-6;
    double before = gr_now(), now = gr_clocks_now(&clocks);
    expect(before - may <= now && now <= gr_now() + may, "that clock is the common time");
}

static void broken_clocks(void)
{
    gr_clocks clocks = {.read = jumping};
    gr_clocks_sync(&clocks);
    expect(isnan(clocks.error) == (gr_ranks() > 1), "clocks that jump have no common time");
    clocks.read = gr_now;
    gr_clocks_sync(&clocks);
    expect(clocks.error < 10, "what comes after a jump is a new beginning");
}

int main(void)
{
    if (gr_ranks_begin()) return 1;
    largest_of_each();
    gathered_in_order();
    a_failure_is_named_once();
    true_clocks();
    made_clocks();
    broken_clocks();
    if (gr_rank() == 0) puts("one time for all");
    gr_ranks_end();
    return 0;
}

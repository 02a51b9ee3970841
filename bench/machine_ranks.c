// SPDX-License-Identifier: BSD-3-Clause
// Messages between two MPI ranks: what a small one takes, and the best rate of the large ones. The
// ranks are another program (gradus-mpi); where they cannot be started there is nothing to measure.
#include "bench/child.h"
#include "bench/machine_part.h"
#include "bench/ranks.h"
#include "bench/ranks_pingpong.h"
#include <math.h>

static gr_status put_messages(const gr_pingpong *p, json_t *card)
{
    double small = NAN, rate = NAN;
    for (size_t i = 0; i < p->n; i++) {
        if (p->bytes[i] == 8) small = p->seconds[i];
        rate = fmax(rate, p->bytes[i] / p->seconds[i]);
    }
    GR_TRY(gr_machine_put_real(card, "mpi_us", 1e6 * small));
    return gr_machine_put_real(card, "mpi_GBs", 1e-9 * rate);
}

static gr_status ask_ranks(json_t *card)
{
    enum { RANKS = 2, PATIENCE = 60 };
    char *argv[] = {(char[]){"measure"}, (char[]){"--pingpong"}, NULL}, why[GR_RANKS_WHY];
    gr_child child;
    GR_TRY(gr_ranks_run(gr_self(), RANKS, argv, 0, PATIENCE, &child, why));
    json_t *array = child.out ? json_loads(child.out, 0, NULL) : NULL;
    gr_pingpong p = gr_pingpong_of(array);
    json_decref(array);
    gr_child_free(&child);
    return p.n ? put_messages(&p, card) : gr_fail(GR_ESYS, "%s", *why ? why : "no answer");
}

gr_status gr_machine_ranks(const gr_machine_plan *plan, json_t *card)
{
    if (plan->quick || plan->cpu.usable < 2 || gr_ranks_missing()) return GR_OK;
    return ask_ranks(card);
}

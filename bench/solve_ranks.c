// SPDX-License-Identifier: BSD-3-Clause
#include "bench/solve_ranks.h"
#include "lib/map_type.h"
#include "lib/ranks.h"
#include <math.h>
#include <string.h>

static const gr_problem *served; // in a rank that serves

// In rank 0 the solver's own function of this name computes the same.
static gr_status cost(gr_call *call)
{
    double f = NAN;
    if (call->in_size != served->n * sizeof f)
        return gr_fail(GR_EARG, "a point of %zu bytes: expected %zu numbers", call->in_size,
                       served->n);
    GR_TRY(served->cost(call->in, served->n, served->context, &f));
    memcpy(call->out, &f, sizeof f);
    return GR_OK;
}

// As many bytes a record as rank 0 says.
static const gr_func cost_func = {.name = "cost", .call = cost, .out_size = sizeof(double)};
static const gr_func *const funcs[] = {&cost_func, NULL};
const gr_map_options gr_solve_map_options = {.funcs = funcs};

gr_status gr_solve_on_ranks(const gr_solve_words *w, bool *ranks, int *workers)
{
    gr_map_spec spec;
    *ranks = false;
    if (!w->map) return GR_OK;
    GR_TRY(gr_map_spec_read(w->map, &spec));
    *ranks = gr_map_type_of(spec.launcher)->ranks;
    *workers = spec.workers;
    return GR_OK;
}

gr_status gr_solve_share(const gr_solve_words *w, gr_solving *v)
{
    gr_solve_words local = *w;
    local.map = NULL;
    gr_status status = gr_ranks_agree(gr_solve_make(&local, NULL, v));
    served = gr_solve_problem(v);
    if (!status && gr_rank() > 0) status = gr_map_serve(w->map, &gr_solve_map_options);
    served = NULL;
    gr_solve_free(v);
    *v = (gr_solving){.map = NULL};
    return status;
}

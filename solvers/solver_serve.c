// SPDX-License-Identifier: BSD-3-Clause
// solver_serve -- costs for the solver of rank 0, computed in another one.
#include "solvers/solver.h"
#include <math.h>
#include <string.h>

static const gr_problem *served;

// Rank 0's own function of this name computes the same.
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

gr_status gr_solver_serve(const char *spec, const gr_problem *problem)
{
    // As many bytes a record as rank 0 says.
    static const gr_func func = {.name = "cost", .call = cost, .out_size = sizeof(double)};
    static const gr_func *const funcs[] = {&func, NULL};
    served = problem;
    gr_status status = gr_map_serve(spec, &(gr_map_options){.funcs = funcs});
    served = NULL;
    return status;
}

// SPDX-License-Identifier: BSD-3-Clause
#include "bench/solve_ranks.h"
#include "lib/map_type.h"
#include "lib/ranks.h"

gr_status gr_solve_on_ranks(const gr_solve_words *w, bool *ranks, gr_map_spec *spec)
{
    *ranks = false;
    if (!w->map) return GR_OK;
    GR_TRY(gr_map_spec_read(w->map, spec));
    *ranks = gr_map_type_of(spec->launcher)->ranks;
    return GR_OK;
}

gr_status gr_solve_share(const gr_solve_words *w, gr_solving *v)
{
    gr_solve_words local = *w;
    local.map = NULL;
    gr_status status = gr_ranks_agree(gr_solve_make(&local, NULL, v));
    if (!status && gr_rank() > 0) status = gr_solver_serve(w->map, gr_solve_problem(v));
    gr_solve_free(v);
    *v = (gr_solving){.map = NULL};
    return status;
}

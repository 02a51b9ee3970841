// SPDX-License-Identifier: BSD-3-Clause
#include "lib/ladder.h"
#include "lib/map.h"
#include "lib/ranks.h"
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *gr_rung_lacks(const gr_rung *rung)
{
    unsigned lacks = rung->needs;
#ifdef _OPENMP
    lacks &= ~(unsigned)GR_NEED_OPENMP;
#endif
#ifdef GR_PERSISTENT // from the Makefile
    lacks &= ~(unsigned)GR_NEED_PERSISTENT;
#endif
    if (lacks & GR_NEED_OPENMP) return "built without OpenMP";
    return lacks & GR_NEED_PERSISTENT ? "built for an MPI without persistent collectives" : NULL;
}

const char *gr_launcher_name(gr_launcher launcher)
{
    static const char *const names[] = {[GR_LAUNCH_NONE] = "none",
                                        [GR_LAUNCH_THREADS] = "threads",
                                        [GR_LAUNCH_FORK] = "fork",
                                        [GR_LAUNCH_MPI] = "mpi",
                                        [GR_LAUNCH_OPENCL] = "opencl"};
    return names[launcher];
}

int gr_ladder_rungs(const gr_ladder *ladder)
{
    int n = 0;
    while (ladder->rungs[n].name) n++;
    return n;
}

int gr_ladder_find(const gr_ladder *ladder, const char *name)
{
    for (int i = 0; ladder->rungs[i].name; i++)
        if (!strcmp(ladder->rungs[i].name, name)) return i;
    return -1;
}

gr_size gr_ladder_size(const gr_ladder *ladder, gr_size size)
{
    if (size.steps || !ladder->steps_name || !ladder->sizes[0].n) return size;
    size_t steps = ladder->sizes[0].steps;
    for (const gr_size *s = ladder->sizes; s->n && s->n <= size.n; s++) steps = s->steps;
    return (gr_size){size.n, steps};
}

// ---- poison and compare
// --------------------------------------------------------------------------

static double value_of(const gr_array *a, const void *p)
{
    switch (a->dtype) {
    case GR_U8:
        return *(const uint8_t *)p;
    case GR_I32:
        return *(const int32_t *)p;
    case GR_I64:
        return (double)*(const int64_t *)p;
    case GR_F32:
        return (double)*(const float *)p;
    default:
        return *(const double *)p;
    }
}

static const void *poison_of(gr_dtype dtype)
{
    static const float nan32 = NAN;
    static const double nan64 = NAN;
    static const uint8_t bytes[8] = {0xA5, 0xA5, 0xA5, 0xA5, 0xA5, 0xA5, 0xA5, 0xA5};
    return dtype == GR_F64 ? (const void *)&nan64 : dtype == GR_F32 ? (const void *)&nan32 : bytes;
}

bool gr_ladder_uses_up(const gr_ladder *ladder) { return ladder->reset && !ladder->keeps; }

void gr_ladder_poison(const gr_ladder *ladder, void *problem)
{
    gr_output out[GR_MAX_OUTPUTS];
    int outputs = ladder->outputs(problem, out);
    for (int k = 0; k < outputs; k++) gr_array_fill(&out[k].view, poison_of(out[k].view.dtype));
}

static double largest_magnitude(const gr_array *a)
{
    double largest = 0;
    for (gr_iter it = gr_iter_of(a); gr_iter_next(&it);) {
        double v = fabs(value_of(a, it.p));
        if (v > largest && !isinf(v)) largest = v;
    }
    return largest;
}

static bool same_element(const gr_array *a, const void *got, const void *want, double slack)
{
    if (!memcmp(got, want, gr_dtype_size(a->dtype))) return true;
    double g = value_of(a, got), w = value_of(a, want);
    if (isnan(g) && isnan(w)) return true; // NaN payloads carry no meaning
    return slack > 0 && fabs(g - w) <= slack;
}

static void index_text(int ndim, const size_t *index, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (int d = 0; d < ndim && used < size; d++)
        used += (size_t)snprintf(text + used, size - used, "[%zu]", index[d]);
}

// The shortest decimal that is read back as v.
static const char *number_text(double v, char text[32])
{
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(text, 32, "%.*g", digits, v);
        if (strtod(text, NULL) == v) break;
    }
    return text;
}

// "[3][4] = 2, expected 0.51"; an element that is still poisoned was most likely not written.
static void difference_text(const gr_array *a, const gr_iter *at, const void *wanted, char *text,
                            size_t size)
{
    char place[128], got[32], want[32];
    bool unwritten = !memcmp(at->p, poison_of(a->dtype), gr_dtype_size(a->dtype));
    index_text(a->ndim, at->index, place, sizeof place);
    snprintf(text, size, "%s = %s%s, expected %s", place, number_text(value_of(a, at->p), got),
             unwritten ? " (never written?)" : "", number_text(value_of(a, wanted), want));
}

static bool same_block(const gr_array *g, const gr_array *w)
{
    return gr_array_contiguous(g) && gr_array_contiguous(w) &&
           !memcmp(g->data, w->data, gr_array_count(g) * gr_dtype_size(g->dtype));
}

static gr_status compare_output(const gr_output *got, const gr_output *want, double tolerance)
{
    const gr_array *g = &got->view, *w = &want->view;
    bool alike = g->ndim == w->ndim && g->dtype == w->dtype &&
                 !memcmp(g->shape, w->shape, sizeof *g->shape * (size_t)g->ndim);
    if (!alike) return gr_fail(GR_EDATA, "%s: shape or type differs from the truth's", got->name);
    if (gr_array_count(g) == 0 || same_block(g, w)) return GR_OK;
    double slack = want->exact || tolerance <= 0 ? 0 : tolerance * largest_magnitude(w);
    size_t differ = 0;
    gr_iter first = {0}, at = gr_iter_of(g), want_at = gr_iter_of(w);
    const void *wanted = NULL;
    while (gr_iter_next(&at) && gr_iter_next(&want_at)) {
        if (same_element(g, at.p, want_at.p, slack)) continue;
        if (differ++ == 0) first = at, wanted = want_at.p;
    }
    if (differ == 0) return GR_OK;
    char text[256], limit[64] = "";
    difference_text(g, &first, wanted, text, sizeof text);
    if (slack > 0) snprintf(limit, sizeof limit, " by more than %g of the largest", tolerance);
    return gr_fail(GR_EDATA, "%s%s (first of %zu that differ%s%s)", got->name, text, differ,
                   differ == 1 ? "s" : "", limit);
}

gr_status gr_outputs_compare(const gr_output *got, int n, const gr_output *want, int m,
                             double tolerance)
{
    if (n != m) return gr_fail(GR_EDATA, "%d outputs, expected %d", n, m);
    for (int k = 0; k < n; k++) GR_TRY(compare_output(&got[k], &want[k], tolerance));
    return GR_OK;
}

// ---- check
// ---------------------------------------------------------------------------------------

static gr_status run_poisoned(const gr_ladder *ladder, const gr_rung *rung, void *problem,
                              int workers)
{
    gr_ladder_poison(ladder, problem);
    if (ladder->reset)
        ladder->reset(problem); // an output that is also an input gets its input back
    return rung->run(problem, workers);
}

static gr_status again_wrong(gr_status status)
{
    char why[400];
    snprintf(why, sizeof why, "%s", gr_errmsg());
    return gr_fail(status, "right at first, then on the same problem once more: %s", why);
}

static gr_status check_round(const gr_ladder *ladder, const gr_rung *rung, void *problem,
                             void *truth, int workers)
{
    gr_output got[GR_MAX_OUTPUTS], want[GR_MAX_OUTPUTS];
    GR_TRY(run_poisoned(ladder, rung, problem, workers));
    if (gr_rank() > 0 && !ladder->per_rank) return GR_OK;
    int n = ladder->outputs(problem, got), m = ladder->outputs(truth, want);
    return gr_outputs_compare(got, n, want, m, rung->tolerance);
}

static gr_status check_against(const gr_ladder *ladder, const gr_rung *rung, void *problem,
                               void *truth, int workers)
{
    for (int round = 0; round < 2; round++) {
        gr_status status = gr_ranks_agree(check_round(ladder, rung, problem, truth, workers));
        if (status && round == 0) return status;
        if (status) return again_wrong(status);
    }
    return GR_OK;
}

// Rung 0, run at `size`; to be torn down even on failure.
static gr_status make_truth(const gr_ladder *ladder, gr_size size, void **truth)
{
    gr_status status = ladder->setup(truth, size, 1);
    if (!status) status = run_poisoned(ladder, &ladder->rungs[0], *truth, 1);
    return gr_ranks_agree(status);
}

static gr_status check_fresh(const gr_ladder *ladder, const gr_rung *rung, gr_size size,
                             void *truth, int workers)
{
    void *problem = NULL;
    gr_status status = gr_ranks_agree(ladder->setup(&problem, size, 1));
    if (!status) status = check_against(ladder, rung, problem, truth, workers);
    ladder->teardown(problem);
    return status;
}

gr_status gr_ladder_check(const gr_ladder *ladder, const gr_rung *rung, gr_size size, int workers)
{
    void *truth = NULL;
    size = gr_ladder_size(ladder, size);
    gr_status status = make_truth(ladder, size, &truth);
    if (!status) status = check_fresh(ladder, rung, size, truth, workers);
    ladder->teardown(truth);
    return status;
}

// The truth of an edge; one that could not be made is not kept.
static gr_status truth_of(const gr_ladder *ladder, gr_size size, void **kept)
{
    if (*kept) return GR_OK;
    gr_status status = make_truth(ladder, size, kept);
    if (status) ladder->teardown(*kept), *kept = NULL;
    return status;
}

static gr_status check_edge(const gr_ladder *ladder, const gr_rung *rung, gr_size size, int workers,
                            void **kept)
{
    gr_size whole = gr_ladder_size(ladder, size);
    gr_status status = truth_of(ladder, whole, kept);
    if (!status) status = check_fresh(ladder, rung, whole, *kept, workers);
    char why[400];
    if (!status) return GR_OK;
    snprintf(why, sizeof why, "%s", gr_errmsg());
    if (!ladder->steps_name) return gr_fail(status, "size %zu: %s", size.n, why);
    return gr_fail(status, "size %zu, %s %zu: %s", size.n, ladder->steps_name, size.steps, why);
}

static const size_t edge_n[] = {0, 1, 2, 3, 7, 8, 9, 31, 64, 100}, edge_steps[] = {1, 2, 7, 33};
enum {
    EDGES_N = sizeof edge_n / sizeof *edge_n,
    EDGES_STEPS = sizeof edge_steps / sizeof *edge_steps
};
static_assert(EDGES_N * EDGES_STEPS == GR_EDGES, "a truth for every edge");

gr_status gr_ladder_check_edges(const gr_ladder *ladder, const gr_rung *rung, int workers,
                                gr_truths *truths, void (*before)(gr_size size, void *context),
                                void *context)
{
    int rounds = ladder->steps_name ? EDGES_STEPS : 1;
    for (int i = 0; i < EDGES_N * rounds; i++) {
        gr_size size = {edge_n[i / rounds], ladder->steps_name ? edge_steps[i % rounds] : 0};
        if (before) before(size, context);
        GR_TRY(check_edge(ladder, rung, size, workers, &truths->problem[i]));
    }
    return GR_OK;
}

void gr_truths_free(const gr_ladder *ladder, gr_truths *truths)
{
    for (int i = 0; i < GR_EDGES; i++) ladder->teardown(truths->problem[i]);
    *truths = (gr_truths){0};
}

// ---- what the workers did
// ------------------------------------------------------------------------

static struct {
    size_t tasks;
    double busy;
    bool said;
} crew[GR_MOST_WORKERS];

void gr_rung_worked(int worker, size_t tasks, double busy)
{
    assert(worker >= 0);
    if (worker >= GR_MOST_WORKERS) return;
    crew[worker].tasks = tasks, crew[worker].busy = busy, crew[worker].said = true;
}

void gr_rung_forget(int n)
{
    memset(crew, 0, sizeof *crew * (size_t)(n < GR_MOST_WORKERS ? n : GR_MOST_WORKERS));
}

int gr_rung_workers(double seconds, gr_worker *workers, int n)
{
    bool said = false;
    if (n > GR_MOST_WORKERS) return 0;
    for (int k = 0; k < n; k++) {
        double idle = seconds - crew[k].busy;
        said = said || crew[k].said;
        workers[k] =
            (gr_worker){.tasks = crew[k].tasks, .busy = crew[k].busy, .idle = idle > 0 ? idle : 0};
    }
    return said ? n : 0;
}

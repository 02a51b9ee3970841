// SPDX-License-Identifier: BSD-3-Clause
#include "lib/ladder.h"
#include <math.h>
#include <string.h>

unsigned gr_needs_met(void)
{
#ifdef _OPENMP
    return GR_NEED_OPENMP;
#else
    return 0;
#endif
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

// ---- walking an output, element by element
// -------------------------------------------------------

// Steps `index` to the next element in C order; false after the last.
static bool next_index(const gr_array *a, size_t *index)
{
    for (int d = a->ndim - 1; d >= 0; d--) {
        if (++index[d] < a->shape[d]) return true;
        index[d] = 0;
    }
    return false;
}

static size_t count_of(const gr_array *a)
{
    size_t n = 1;
    for (int d = 0; d < a->ndim; d++) n *= a->shape[d];
    return n;
}

static size_t element_size(const gr_array *a)
{
    static const size_t sizes[GR_DTYPES] = {
        [GR_U8] = 1, [GR_I32] = 4, [GR_I64] = 8, [GR_F32] = 4, [GR_F64] = 8};
    return sizes[a->dtype];
}

static void *element(const gr_array *a, const size_t *index)
{
    ptrdiff_t offset = 0;
    for (int d = 0; d < a->ndim; d++) offset += (ptrdiff_t)index[d] * a->stride[d];
    return (char *)a->data + offset * (ptrdiff_t)element_size(a);
}

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

// ---- poison and compare
// --------------------------------------------------------------------------

static void poison_element(const gr_array *a, void *p)
{
    const float nan32 = NAN;
    const double nan64 = NAN;
    switch (a->dtype) {
    case GR_F32:
        memcpy(p, &nan32, sizeof nan32);
        break;
    case GR_F64:
        memcpy(p, &nan64, sizeof nan64);
        break;
    default:
        memset(p, 0xA5, element_size(a));
    }
}

void gr_ladder_poison(const gr_ladder *ladder, void *problem)
{
    gr_output out[GR_MAX_OUTPUTS];
    int outputs = ladder->outputs(problem, out);
    for (int k = 0; k < outputs; k++) {
        size_t index[GR_MAX_DIMS] = {0};
        if (count_of(&out[k].view) == 0) continue;
        do poison_element(&out[k].view, element(&out[k].view, index));
        while (next_index(&out[k].view, index));
    }
}

static double largest_magnitude(const gr_array *a)
{
    size_t index[GR_MAX_DIMS] = {0};
    double largest = 0;
    if (count_of(a) == 0) return 0;
    do {
        double v = fabs(value_of(a, element(a, index)));
        if (v > largest && !isinf(v)) largest = v;
    } while (next_index(a, index));
    return largest;
}

static bool same_element(const gr_array *a, const void *got, const void *want, double slack)
{
    if (!memcmp(got, want, element_size(a))) return true;
    double g = value_of(a, got), w = value_of(a, want);
    if (isnan(g) && isnan(w)) return true; // NaN payloads carry no meaning
    return fabs(g - w) <= slack && slack > 0;
}

static void index_text(const gr_array *a, const size_t *index, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (int d = 0; d < a->ndim && used < size; d++)
        used += (size_t)snprintf(text + used, size - used, "[%zu]", index[d]);
}

static gr_status compare_output(const gr_output *got, const gr_output *want, double tolerance)
{
    const gr_array *g = &got->view, *w = &want->view;
    bool alike = g->ndim == w->ndim && g->dtype == w->dtype &&
                 !memcmp(g->shape, w->shape, sizeof *g->shape * (size_t)g->ndim);
    if (!alike) return gr_fail(GR_EDATA, "%s: shape or type differs from the truth's", got->name);
    if (count_of(g) == 0) return GR_OK;
    double slack = want->exact ? 0 : tolerance * largest_magnitude(w);
    size_t index[GR_MAX_DIMS] = {0}, first[GR_MAX_DIMS] = {0}, differ = 0;
    do {
        if (same_element(g, element(g, index), element(w, index), slack)) continue;
        if (differ++ == 0) memcpy(first, index, sizeof first);
    } while (next_index(g, index));
    if (differ == 0) return GR_OK;
    char place[128];
    index_text(g, first, place, sizeof place);
    return gr_fail(GR_EDATA, "%s%s = %.17g, expected %.17g (first of %zu that differ)", got->name,
                   place, value_of(g, element(g, first)), value_of(w, element(w, first)), differ);
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

static gr_status check_against(const gr_ladder *ladder, const gr_rung *rung, void *problem,
                               void *truth, int workers)
{
    gr_output got[GR_MAX_OUTPUTS], want[GR_MAX_OUTPUTS];
    for (int round = 0; round < 2; round++) {
        GR_TRY(run_poisoned(ladder, rung, problem, workers));
        int n = ladder->outputs(problem, got), m = ladder->outputs(truth, want);
        GR_TRY(gr_outputs_compare(got, n, want, m, rung->tolerance));
    }
    return GR_OK;
}

gr_status gr_ladder_check(const gr_ladder *ladder, const gr_rung *rung, gr_size size, int workers)
{
    void *truth = NULL, *problem = NULL;
    size = gr_ladder_size(ladder, size);
    gr_status status = ladder->setup(&truth, size, 1);
    if (!status) status = ladder->setup(&problem, size, 1);
    if (!status) status = run_poisoned(ladder, &ladder->rungs[0], truth, 1);
    if (!status) status = check_against(ladder, rung, problem, truth, workers);
    ladder->teardown(problem);
    ladder->teardown(truth);
    return status;
}

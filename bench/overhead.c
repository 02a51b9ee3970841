// SPDX-License-Identifier: BSD-3-Clause
#include "bench/overhead.h"
#include "bench/child.h"
#include "bench/json.h"
#include "bench/report_words.h"
#include "config.h"
#include "lib/timer.h"
#include "solvers/solver.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

const gr_overhead_pair gr_overhead_pairs[] = {
    {"neldermead", "LN_NELDERMEAD", "sphere", 10, 3000},
    {"quadratic", "LN_BOBYQA", "rosen", 10, 300},
    {0},
};

#if GR_NLOPT
#include <nlopt.h>

enum { OURS, THEIRS, COST, SIDES, DIM = 40 };

// What is timed: runs on a problem whose costs are counted.
typedef struct race {
    const gr_overhead_pair *pair;
    const gr_problem_type *type;
    gr_problem problem; // of our own, so that both call a function that counts
    double lo[DIM], hi[DIM], x0[DIM];
    int64_t calls;
    gr_status failed;
    int side; // whose turn it is
} race;

static gr_status cost(const double *x, size_t n, void *context, double *f)
{
    race *r = context;
    r->calls++;
    *f = r->type->value(x, n);
    return GR_OK;
}

static double their_cost(unsigned n, const double *x, double *g, void *context)
{
    race *r = context;
    (void)g;
    r->calls++;
    return r->type->value(x, n);
}

static void run_ours(race *r)
{
    char rule[80];
    gr_solver *s;
    gr_stop stop;
    snprintf(rule, sizeof rule, "evaluations(%zu) or generations(inf)", r->pair->evaluations);
    gr_solver_options o = {.spec = r->pair->ours, .x0 = r->x0, .stop = rule};
    r->failed = gr_solver_new(&s, &r->problem, &o);
    if (r->failed) return;
    r->failed = gr_solver_solve(s, &stop);
    gr_solver_free(s);
}

static void run_theirs(race *r)
{
    double x[DIM], f;
    nlopt_opt o =
        nlopt_create(nlopt_algorithm_from_string(r->pair->theirs), (unsigned)r->pair->dim);
    memcpy(x, r->x0, r->pair->dim * sizeof *x);
    bool fine = o && nlopt_set_min_objective(o, their_cost, r) > 0 &&
                nlopt_set_lower_bounds(o, r->lo) > 0 && nlopt_set_upper_bounds(o, r->hi) > 0 &&
                nlopt_set_maxeval(o, (int)r->pair->evaluations) > 0;
    nlopt_result end = fine ? nlopt_optimize(o, x, &f) : NLOPT_FAILURE;
    if (end < 0 && end != NLOPT_ROUNDOFF_LIMITED)
        r->failed = gr_fail(GR_EUNSUP, "NLopt has no algorithm %s", r->pair->theirs);
    nlopt_destroy(o);
}

// As often as a run calls it, at a point that moves.
static void run_cost(race *r)
{
    double x[DIM], f = 0;
    memcpy(x, r->x0, r->pair->dim * sizeof *x);
    for (size_t i = 0; i < r->pair->evaluations; i++) {
        gr_cost *volatile call = r->problem.cost; // not inlined, as in a solver
        call(x, r->pair->dim, r, &f);
        x[0] += 1e-12 * f;
    }
}

static void (*const sides[])(race *r) = {run_ours, run_theirs, run_cost};

// k runs of whose turn it is: seconds.
static double time_runs(size_t k, void *context)
{
    race *r = context;
    double start = gr_now();
    for (size_t i = 0; i < k && !r->failed; i++) sides[r->side](r);
    return r->failed ? NAN : gr_now() - start;
}

static void line_up(race *r, const gr_overhead_pair *pair)
{
    gr_rng rng = gr_rng_of(1, 0);
    *r = (race){.pair = pair, .type = gr_problem_type_of(pair->problem)};
    for (size_t i = 0; i < pair->dim; i++) {
        r->lo[i] = r->type->lo, r->hi[i] = r->type->hi;
        r->x0[i] = r->lo[i] + gr_rng_unit(&rng) * (r->hi[i] - r->lo[i]);
    }
    r->problem = (gr_problem){.name = pair->problem,
                              .cost = cost,
                              .context = r,
                              .n = pair->dim,
                              .lo = r->lo,
                              .hi = r->hi};
}

// One turn: each side once, seconds of an evaluation.
static gr_status take_turn(race *r, const size_t k[SIDES], const size_t order[SIDES],
                           double each[SIDES])
{
    for (size_t i = 0; i < SIDES; i++) {
        r->side = (int)order[i], r->calls = 0;
        double seconds = time_runs(k[r->side], r);
        GR_TRY(r->failed);
        each[r->side] = seconds / (double)r->calls;
    }
    return GR_OK;
}

static gr_status calibrate(race *r, double floor, size_t k[SIDES], gr_overhead *result)
{
    for (r->side = 0; r->side < SIDES; r->side++) {
        r->calls = 0;
        sides[r->side](r);
        if (r->side < COST) result->evaluations[r->side] = r->calls;
        k[r->side] = gr_batch_size(time_runs, r, floor);
        GR_TRY(r->failed);
    }
    return GR_OK;
}

gr_status gr_overhead_measure(const gr_overhead_pair *pair, size_t samples, double floor,
                              gr_overhead *result)
{
    race r;
    size_t k[SIDES], order[SIDES];
    double each[SIDES], own[2][GR_MOST_SAMPLES], cost_alone[GR_MOST_SAMPLES];
    line_up(&r, pair);
    GR_TRY(calibrate(&r, floor, k, result));
    for (size_t i = 0; i < samples; i++) {
        if (gr_interrupted()) return gr_fail(GR_ECANCEL, "contest: interrupted");
        gr_latin_row(gr_rng_of(2, 0), SIDES, i, order);
        GR_TRY(take_turn(&r, k, order, each));
        for (int side = 0; side < COST; side++) own[side][i] = fmax(each[side] - each[COST], 1e-12);
        cost_alone[i] = each[COST];
    }
    double theirs[GR_MOST_SAMPLES];
    memcpy(theirs, own[THEIRS], samples * sizeof *theirs);
    result->ratio = gr_ratio_interval(theirs, own[OURS], samples, 0.95);
    for (int side = 0; side < COST; side++)
        result->seconds[side] = gr_median_interval(own[side], samples, 0.95);
    result->cost = gr_median(cost_alone, samples);
    return GR_OK;
}

#else

gr_status gr_overhead_measure(const gr_overhead_pair *pair, size_t samples, double floor,
                              gr_overhead *result)
{
    (void)pair, (void)samples, (void)floor, (void)result;
    return gr_fail(GR_EUNSUP, "built without NLopt (libnlopt-dev): nothing to compare with");
}

#endif

// ---- the document ----

static json_t *pair_json(const gr_overhead_pair *p, const gr_overhead *o)
{
    return json_pack("{s:s, s:s, s:s, s:I, s:[I, I], s:[o, o], s:o, s:f}", "ours", p->ours,
                     "theirs", p->theirs, "problem", p->problem, "dim", (json_int_t)p->dim,
                     "evaluations", (json_int_t)o->evaluations[0], (json_int_t)o->evaluations[1],
                     "seconds", gr_json_interval(o->seconds[0]), gr_json_interval(o->seconds[1]),
                     "ratio", gr_json_interval(o->ratio), "cost", o->cost);
}

gr_status gr_overhead_document(json_t **document)
{
    enum { SAMPLES = 48 };
    json_t *pairs = json_array();
    gr_status status = GR_OK;
    double floor = gr_sample_floor(gr_clock_measure());
    for (const gr_overhead_pair *p = gr_overhead_pairs; p->ours && !status; p++) {
        gr_overhead o = {0};
        status = gr_overhead_measure(p, SAMPLES, floor, &o);
        if (!status) json_array_append_new(pairs, pair_json(p, &o));
    }
    *document = json_pack("{s:i, s:o}", "samples", SAMPLES, "pairs", pairs);
    if (!*document) return gr_fail(GR_ENOMEM, "overhead: out of memory");
    if (status == GR_EUNSUP)
        return json_object_set_new(*document, "skipped", json_string(gr_errmsg())), GR_OK;
    if (status) json_decref(*document), *document = NULL;
    return status;
}

// ---- as a table ----

static gr_text within(const json_t *interval)
{
    return gr_words(
        "%s (%s)", gr_words_seconds(gr_json_number(interval, "median")).s,
        gr_words_interval(gr_json_number(interval, "lo"), gr_json_number(interval, "hi")).s);
}

static void print_pair(const json_t *pair, FILE *out)
{
    const json_t *seconds = json_object_get(pair, "seconds"),
                 *ratio = json_object_get(pair, "ratio");
    fprintf(out, "%s and NLopt's %s on %s in %d dimensions, whose own %s are taken off:\n",
            gr_json_text(pair, "ours"), gr_json_text(pair, "theirs"), gr_json_text(pair, "problem"),
            gr_json_integer(pair, "dim"), gr_words_seconds(gr_json_number(pair, "cost")).s);
    fprintf(out, "  ours   %s\n", within(json_array_get(seconds, 0)).s);
    fprintf(out, "  NLopt  %s\n", within(json_array_get(seconds, 1)).s);
    fprintf(out, "  ratio  %s (%s)\n", gr_words_ratio(gr_json_number(ratio, "median")).s,
            gr_words_ratios(gr_json_number(ratio, "lo"), gr_json_number(ratio, "hi")).s);
}

void gr_overhead_print(const json_t *document, FILE *out)
{
    const json_t *pair;
    size_t i;
    fputs("Time that a solver itself takes for an evaluation, medians and 95 % intervals.\n", out);
    json_array_foreach(json_object_get(document, "pairs"), i, pair) print_pair(pair, out);
    if (*gr_json_text(document, "skipped"))
        fprintf(out, "left out: %s\n", gr_json_text(document, "skipped"));
}

// SPDX-License-Identifier: BSD-3-Clause
// The words of `gradus solve`, made into a problem, a map and a solver.
#include "bench/solve.h"
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- numbers ----

// One number up to one of `ends`, or the text's end.
static gr_status take(const char **at, const char *ends, const char *what, double *value)
{
    char *end;
    *value = strtod(*at, &end);
    if (end != *at && !isnan(*value) && (!*end || strchr(ends, *end))) return *at = end, GR_OK;
    return gr_fail(GR_EARG, "%s '%.*s': expected a number", what, (int)strcspn(*at, ",:"), *at);
}

gr_status gr_solve_numbers(const char *text, const char *what, double *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        GR_TRY(take(&text, ",", what, &x[i]));
        if (i + 1 < n && *text++ != ',')
            return gr_fail(GR_EARG, "%s: %zu numbers: expected %zu, as there are dimensions", what,
                           i + 1, n);
    }
    return *text
               ? gr_fail(GR_EARG, "%s: more than %zu numbers: '%.40s' is left over", what, n, text)
               : GR_OK;
}

static gr_status take_bound(const char **at, double *lo, double *hi)
{
    const char *from = *at;
    int length = (int)strcspn(from, ",");
    GR_TRY(take(at, ":,", "--bounds", lo));
    if (**at != ':') return gr_fail(GR_EARG, "--bounds '%.*s': expected lo:hi", length, from);
    ++*at;
    GR_TRY(take(at, ",", "--bounds", hi));
    if (*lo <= *hi) return GR_OK;
    return gr_fail(GR_EARG, "--bounds '%.*s': expected lo:hi with lo <= hi", length, from);
}

gr_status gr_solve_bounds(const char *text, double *lo, double *hi, size_t n)
{
    size_t given = 0;
    do {
        if (given == n) return gr_fail(GR_EARG, "--bounds: more than %zu ranges: '%.40s'", n, text);
        GR_TRY(take_bound(&text, &lo[given], &hi[given]));
        given++;
    } while (*text && *text++ == ',');
    for (size_t i = 1; given == 1 && i < n; i++) lo[i] = lo[0], hi[i] = hi[0];
    if (given == 1 || given == n) return GR_OK;
    return gr_fail(GR_EARG, "--bounds: %zu ranges: expected 1 for all, or %zu", given, n);
}

// ---- from words ----

static gr_status bound(const gr_solve_words *w, gr_problem *p)
{
    double *range = malloc(2 * p->n * sizeof *range);
    if (!range) return gr_fail(GR_ENOMEM, "solve: out of memory");
    gr_status status = gr_solve_bounds(w->bounds, range, range + p->n, p->n);
    if (!status) status = gr_problem_bound(p, range, range + p->n);
    free(range);
    return status;
}

static gr_status start(const gr_solve_words *w, const gr_problem *p, gr_solver_options *o,
                       gr_solver **s)
{
    double *x0 = w->x0 ? malloc(p->n * sizeof *x0) : NULL;
    gr_status status = GR_OK;
    if (w->x0 && !x0) status = gr_fail(GR_ENOMEM, "solve: out of memory");
    if (!status && x0) status = gr_solve_numbers(w->x0, "--x0", x0, p->n);
    o->x0 = x0;
    if (!status) status = gr_solver_new(s, p, o);
    free(x0);
    return status;
}

static gr_status need(const char *word, const char *what, const char *beside)
{
    return word ? gr_fail(GR_EARG, "--%s without --%s: expected both", what, beside) : GR_OK;
}

// As many dimensions as --x0 has numbers, where --dim says nothing; 0: the problem's usual number.
static size_t dimensions(const gr_solve_words *w)
{
    size_t n = w->x0 ? 1 : 0;
    for (const char *at = w->x0; at && *at; at++) n += *at == ',';
    return w->dim ? w->dim : n;
}

// A built-in problem, or a model and its data.
static gr_status make_inside(const gr_solve_words *w, gr_solving *v)
{
    const gr_fit_options o = {w->data, w->model, w->metric, w->dim};
    if (w->data && w->problem)
        return gr_fail(GR_EARG, "--data beside --problem: expected one of them");
    if (!w->data) GR_TRY(need(w->model, "model", "data"));
    if (!w->data) GR_TRY(need(w->metric, "metric", "data"));
    if (w->data) return gr_fit_new(&v->fit, &v->problem, &o);
    if (!w->problem)
        return gr_fail(GR_EARG, "solve: expected --problem or --data, as in: "
                                "gradus solve --problem rosen --dim 3 --solver powell");
    return gr_problem_new(&v->problem, w->problem, dimensions(w));
}

gr_status gr_solve_make_problem(const gr_solve_words *w, gr_solving *v)
{
    gr_status status = make_inside(w, v);
    if (status == GR_EDATA || status == GR_ESYS) return GR_EARG; // a bad file is a bad word
    GR_TRY(status);
    v->problem.maximise = w->maximise;
    return w->bounds ? bound(w, &v->problem) : GR_OK;
}

// What is coupled to the problem, once its bounds are known.
static gr_status couple(const gr_solve_words *w, gr_solving *v)
{
    const gr_couplers by = {w->transform, w->outer, w->constraint, w->penalty, w->ranges};
    if (!w->constraint) GR_TRY(need(w->penalty, "penalty", "constraint"));
    if (!w->transform) GR_TRY(need(w->ranges, "ranges", "transform"));
    GR_TRY(gr_recipe_write(w, &v->recipe));
    if (v->recipe[0]) v->problem.recipe = v->recipe;
    if (!by.inner && !by.outer && !by.additive) return GR_OK;
    return gr_coupled_new(&v->coupled, &v->problem, &by);
}

const gr_problem *gr_solve_problem(const gr_solving *v)
{
    return v->coupled ? gr_coupled_problem(v->coupled) : &v->problem;
}

static gr_status make_new(const gr_solve_words *w, gr_solver_options *o, gr_solving *v)
{
    GR_TRY(gr_solve_make_problem(w, v));
    GR_TRY(couple(w, v));
    o->spec = w->solver;
    o->seed = w->seed == SIZE_MAX ? 0 : w->seed;
    return start(w, gr_solve_problem(v), o, &v->solver);
}

// ---- from a file ----

static gr_status refuse_words(const gr_solve_words *w)
{
    const char *word = w->problem            ? "problem"
                       : w->data             ? "data"
                       : w->model            ? "model"
                       : w->metric           ? "metric"
                       : w->constraint       ? "constraint"
                       : w->penalty          ? "penalty"
                       : w->transform        ? "transform"
                       : w->ranges           ? "ranges"
                       : w->outer            ? "outer"
                       : w->solver           ? "solver"
                       : w->x0               ? "x0"
                       : w->bounds           ? "bounds"
                       : w->dim              ? "dim"
                       : w->maximise         ? "maximise"
                       : w->seed != SIZE_MAX ? "seed"
                                             : NULL;
    return word ? gr_fail(GR_EARG, "--%s beside --resume: the file says that already", word)
                : GR_OK;
}

// A damaged file is a bad word of whoever named it.
static gr_status open_saved(const char *path, gr_saved **saved)
{
    gr_status status = gr_saved_open(saved, path);
    if (status != GR_EDATA) return status;
    char why[400];
    snprintf(why, sizeof why, "%s", gr_errmsg());
    return gr_fail(GR_EARG, "--resume: expected a state that `gradus solve --save` wrote: %s", why);
}

// `recipe` is taken apart; the words point into it.
static gr_status make_again(const gr_saved *saved, char *recipe, gr_solver_options *o,
                            gr_solving *v)
{
    gr_solve_words w = {.dim = gr_saved_dimensions(saved), .maximise = gr_saved_maximise(saved)};
    GR_TRY(gr_recipe_read(recipe, &w));
    if (!w.data) w.problem = gr_saved_problem(saved);
    GR_TRY(gr_solve_make_problem(&w, v));
    GR_TRY(gr_problem_bound(&v->problem, gr_saved_lo(saved), gr_saved_hi(saved)));
    GR_TRY(couple(&w, v));
    return gr_solver_restore(&v->solver, gr_solve_problem(v), saved, o);
}

static gr_status from_file(const gr_solve_words *w, gr_solver_options *o, gr_solving *v)
{
    gr_saved *saved;
    GR_TRY(open_saved(w->resume, &saved));
    char *recipe = strdup(gr_saved_recipe(saved));
    gr_status status =
        recipe ? make_again(saved, recipe, o, v) : gr_fail(GR_ENOMEM, "solve: out of memory");
    free(recipe);
    gr_saved_close(saved);
    return status;
}

// ---- the whole ----

gr_status gr_solve_make(const gr_solve_words *w, volatile sig_atomic_t *asked, gr_solving *v)
{
    gr_solver_options o = {.stop = w->stop, .asked = asked, .cache = w->cache};
    if (w->resume) GR_TRY(refuse_words(w));
    if (w->map) GR_TRY(gr_map_new(&v->map, w->map, NULL));
    o.map = v->map;
    return w->resume ? from_file(w, &o, v) : make_new(w, &o, v);
}

void gr_solve_free(gr_solving *v)
{
    gr_solver_free(v->solver);
    gr_map_free(v->map);
    gr_coupled_free(v->coupled);
    gr_problem_free(&v->problem);
    gr_fit_free(v->fit);
    free(v->recipe);
}

// SPDX-License-Identifier: BSD-3-Clause
#include "bench/laps.h"
#include "bench/child.h"
#include "bench/machine.h"
#include "bench/progress.h"
#include "bench/ranks.h"
#include "lib/rng.h"
#include "lib/stats.h"
#include "lib/timer.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct run {
    const gr_laps *laps;
    gr_progress progress;
    double spent;   // s in launches so far, those of earlier sessions, too
    double *wall;   // (tasks) s that the last launch of each took; NAN: none yet
    bool *done;     // (most laps, tasks)
    double *median; // (most laps, tasks) of each launch; NAN where there is none
    int lap;
} run;

static size_t at(const run *r, int lap, size_t task)
{
    return (size_t)lap * r->laps->plan->n + task;
}

static const gr_task *task_of(const run *r, size_t i) { return &r->laps->plan->tasks[i]; }

// ---- what is recorded already
// ---------------------------------------------------------------------

static double line_median(const json_t *line)
{
    double copy[128];
    size_t n = 0, i;
    json_t *value;
    json_array_foreach(json_object_get(line, "seconds"), i, value) if (n < 128) copy[n++] =
        json_number_value(value);
    return gr_median(copy, n);
}

static void take_line(run *r, const json_t *line)
{
    char key[GR_TASK_KEY];
    const char *name = json_string_value(json_object_get(line, "key"));
    json_t *lap = json_object_get(line, "lap");
    double wall = json_number_value(json_object_get(line, "wall"));
    r->spent += wall;
    if (!name || !json_is_integer(lap)) return;
    if (json_integer_value(lap) < 0 || json_integer_value(lap) >= r->laps->most) return;
    for (size_t i = 0; i < r->laps->plan->n; i++) {
        if (strcmp(name, gr_task_key(task_of(r, i), key))) continue;
        r->done[at(r, (int)json_integer_value(lap), i)] = true;
        r->median[at(r, (int)json_integer_value(lap), i)] = line_median(line);
        r->wall[i] = wall;
    }
}

static gr_status append(run *r, json_t *line)
{
    GR_TRY(gr_store_append(r->laps->store, line));
    take_line(r, line);
    return GR_OK;
}

// ---- one launch
// ----------------------------------------------------------------------------------

static void truth_prefix(const run *r, const gr_task *task, char *path)
{
    snprintf(path, GR_PATH, "%.3800s/truth/%s-%zux%zu", r->laps->store->dir, task->ladder->name,
             task->size.n, task->size.steps);
}

static bool has_truth(const run *r, const gr_task *task)
{
    char prefix[GR_PATH], path[GR_PATH + 16];
    truth_prefix(r, task, prefix);
    snprintf(path, sizeof path, "%s-0.npy", prefix);
    return access(path, R_OK) == 0;
}

static json_t *failed_line(const gr_child *child, const char *why)
{
    if (*why) return json_pack("{s:s}", "error", why);
    if (child->signal)
        return json_pack("{s:o}", "error",
                         json_sprintf("%s: %s", child->timed_out ? "too slow" : "died",
                                      strsignal(child->signal)));
    const char *text = child->err ? child->err : "";
    if (!strncmp(text, "gradus: ", 8)) text += 8;
    return json_pack("{s:o}", "error", json_sprintf("%.*s", (int)strcspn(text, "\n"), text));
}

static gr_status launch(run *r, size_t i, json_t **line)
{
    const gr_task *t = task_of(r, i);
    char name[GR_TASK_KEY], n[24], steps[24], procs[16], seconds[24], prefix[GR_PATH];
    snprintf(name, sizeof name, "%s/%s", t->ladder->name,
             t->index < 0 ? t->ladder->rungs[0].name : t->rung->name);
    snprintf(n, sizeof n, "%zu", t->size.n);
    snprintf(steps, sizeof steps, "%zu", t->size.steps);
    snprintf(procs, sizeof procs, "%d", t->procs);
    snprintf(seconds, sizeof seconds, "%.3f", r->laps->launch);
    truth_prefix(r, t, prefix);
    char *argv[] = {gr_self(), "measure", name,        "--size", n,    "--steps", steps,
                    "--procs", procs,     "--seconds", seconds,  NULL, NULL,      NULL};
    int last = 11;
    if (t->index < 0)
        argv[last] = "--limit";
    else
        argv[last++] = has_truth(r, t) ? "--truth" : "--write-truth", argv[last] = prefix;
    gr_child child;
    char why[GR_RANKS_WHY] = "";
    gr_status status = t->rung->launcher == GR_LAUNCH_MPI
                           ? gr_ranks_run(gr_self(), t->procs, argv + 1, 0, 1800, &child, why)
                           : gr_child_run(argv, 1800, &child);
    if (!status)
        *line = child.exit_code == 0 ? json_loads(child.out, 0, NULL) : failed_line(&child, why);
    gr_child_free(&child);
    return status;
}

// The size of the environment moves the stack, and with it the speed of some loops (Mytkowicz et
// al., ASPLOS 2009): a random size makes that bias noise, which the interval then shows.
static void pad_environment(gr_rng *rng)
{
    char pad[4097];
    size_t length = gr_rng_below(rng, sizeof pad);
    memset(pad, 'x', length);
    pad[length] = '\0';
    setenv("GRADUS_PAD", pad, 1);
    setenv("OPENBLAS_NUM_THREADS", "1",
           0); // rungs do not call it; its threads spin when they start
}

static gr_status run_task(run *r, size_t i)
{
    json_t *line = NULL;
    char key[GR_TASK_KEY];
    double start = gr_now();
    GR_TRY(launch(r, i, &line));
    if (!line) line = json_pack("{s:s}", "error", "a launch printed nothing that can be read");
    json_object_set_new(line, "lap", json_integer(r->lap));
    json_object_set_new(line, "key", json_string(gr_task_key(task_of(r, i), key)));
    json_object_set_new(line, "wall", json_real(gr_now() - start));
    return append(r, line);
}

// ---- laps
// ----------------------------------------------------------------------------------------

static double usual_wall(const run *r)
{
    double sum = 0, n = 0;
    for (size_t i = 0; i < r->laps->plan->n; i++)
        if (!isnan(r->wall[i])) sum += r->wall[i], n++;
    return n > 0 ? sum / n : 1;
}

static double wall_of(const run *r, size_t i)
{
    return isnan(r->wall[i]) ? usual_wall(r) : r->wall[i];
}

static void show(run *r, const char *doing)
{
    double done = 0, left = 0;
    int laps = r->lap < r->laps->least ? r->laps->least : r->lap + 1;
    for (int lap = 0; lap < laps; lap++)
        for (size_t i = 0; i < r->laps->plan->n; i++)
            if (!task_of(r, i)->why) *(r->done[at(r, lap, i)] ? &done : &left) += wall_of(r, i);
    double budget_left = r->laps->budget - r->spent;
    if (left > budget_left && budget_left > 0) left = budget_left;
    char text[GR_TASK_KEY + 32];
    snprintf(text, sizeof text, "lap %d: %s", r->lap + 1, doing);
    gr_progress_show(&r->progress, done + left > 0 ? done / (done + left) : 1, left, text);
}

// The first lap may take twice the budget: a whole, rough table is worth it. In a quick run what
// takes a tenth of the budget is launched once, so that the rest has its laps.
static bool affordable(const run *r, size_t i)
{
    double expected = isnan(r->wall[i]) ? 0 : r->wall[i];
    if (r->lap == 0) return r->spent + expected < 2 * r->laps->budget;
    if (r->laps->quick && expected > 0.1 * r->laps->budget) return false;
    return r->spent + expected < r->laps->budget;
}

// The card has just measured them for the first lap, and is enough for a quick run.
static gr_status lap_limits(run *r)
{
    if (r->lap == 0 || r->laps->quick) return GR_OK;
    for (size_t k = 0; k < json_array_size(r->laps->store->lines); k++) {
        json_t *line = json_array_get(r->laps->store->lines, k);
        json_t *lap = json_object_get(line, "lap");
        if (json_object_get(line, "limits") && json_integer_value(lap) == r->lap) return GR_OK;
    }
    json_t *limits = NULL;
    double start = gr_now();
    show(r, "machine limits");
    GR_TRY(gr_machine_limits(&limits));
    return append(
        r, json_pack("{s:i, s:o, s:f}", "lap", r->lap, "limits", limits, "wall", gr_now() - start));
}

// This lap's order: truths that are missing first, all others shuffled.
static void lap_order(const run *r, gr_rng *rng, size_t *order)
{
    size_t n = r->laps->plan->n, first = 0;
    for (size_t i = 0; i < n; i++) order[i] = i;
    gr_shuffle(rng, n, order);
    for (size_t k = 0; k < n; k++) {
        const gr_task *t = task_of(r, order[k]);
        if (!t->truth || t->procs != 1 || t->why || has_truth(r, t)) continue;
        size_t kept = order[k];
        memmove(order + first + 1, order + first, (k - first) * sizeof *order);
        order[first++] = kept;
    }
}

// A lap that has begun is run again only for tasks whose truth was lost with the session.
static bool wanted(const run *r, size_t i)
{
    const gr_task *t = task_of(r, i);
    if (t->why) return false;
    return !r->done[at(r, r->lap, i)] || (t->truth && !has_truth(r, t));
}

static gr_status run_lap(run *r, size_t *order)
{
    gr_rng rng = gr_rng_of(1, (uint64_t)r->lap);
    char key[GR_TASK_KEY];
    lap_order(r, &rng, order);
    GR_TRY(lap_limits(r));
    for (size_t k = 0; k < r->laps->plan->n; k++) {
        size_t i = order[k];
        pad_environment(&rng);
        if (!wanted(r, i) || !affordable(r, i)) continue;
        show(r, gr_task_key(task_of(r, i), key));
        GR_TRY(run_task(r, i));
        if (gr_interrupted()) return gr_fail(GR_ESYS, "interrupted");
    }
    return GR_OK;
}

static bool lap_whole(const run *r, int lap)
{
    for (size_t i = 0; i < r->laps->plan->n; i++)
        if (!task_of(r, i)->why && !r->done[at(r, lap, i)]) return false;
    return true;
}

static bool converged(const run *r, int laps)
{
    double launches[64];
    for (size_t i = 0; i < r->laps->plan->n; i++) {
        size_t n = 0;
        for (int lap = 0; lap < laps && n < 64; lap++) {
            double m = r->median[at(r, lap, i)];
            if (!isnan(m)) launches[n++] = m;
        }
        if (n && !(gr_half_width(gr_median_interval(launches, n, 0.95)) <= 0.02)) return false;
    }
    return true;
}

static gr_status machine_card(run *r)
{
    if (gr_store_find(r->laps->store, "card")) return GR_OK;
    json_t *card = NULL;
    double start = gr_now();
    GR_TRY(gr_machine_measure(r->laps->quick, NULL, NULL, &card));
    return append(r, json_pack("{s:o, s:f}", "card", card, "wall", gr_now() - start));
}

static gr_status run_all(run *r, size_t *order, bool *whole)
{
    char truth[GR_PATH];
    snprintf(truth, sizeof truth, "%.4000s/truth", r->laps->store->dir);
    GR_TRY(gr_make_folder(truth));
    show(r, "machine card");
    GR_TRY(machine_card(r));
    *whole = true;
    for (r->lap = 0; r->lap < r->laps->most; r->lap++) {
        if (r->lap >= r->laps->least && converged(r, r->lap)) break;
        if (r->lap > 0 && r->spent >= r->laps->budget) {
            *whole = *whole && r->lap >= r->laps->least;
            break;
        }
        GR_TRY(run_lap(r, order));
        if (r->lap < r->laps->least && !lap_whole(r, r->lap)) *whole = false;
    }
    return GR_OK;
}

gr_status gr_laps_run(const gr_laps *laps, bool *whole)
{
    size_t n = laps->plan->n, all = n * (size_t)laps->most;
    run r = {.laps = laps, .progress = gr_progress_start("bench")};
    r.wall = malloc(n * sizeof *r.wall), r.median = malloc(all * sizeof *r.median);
    r.done = calloc(all, sizeof *r.done);
    size_t *order = malloc(n * sizeof *order);
    gr_status status = GR_OK;
    *whole = false;
    if (!*gr_self()) status = gr_fail_errno("/proc/self/exe");
    if (!r.wall || !r.median || !r.done || !order)
        status = gr_fail(GR_ENOMEM, "laps: out of memory");
    for (size_t i = 0; i < n && !status; i++) r.wall[i] = NAN;
    for (size_t i = 0; i < all && !status; i++) r.median[i] = NAN;
    for (size_t k = 0; !status && k < json_array_size(laps->store->lines); k++)
        take_line(&r, json_array_get(laps->store->lines, k));
    if (!status) status = run_all(&r, order, whole);
    gr_progress_end(&r.progress);
    free(order);
    free(r.done);
    free(r.median);
    free(r.wall);
    return status;
}

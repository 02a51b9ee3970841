// SPDX-License-Identifier: BSD-3-Clause
#include "bench/plan.h"
#include "bench/command.h"
#include "bench/ranks.h"
#include "lib/cpu.h"
#include <stdlib.h>
#include <string.h>

enum { MAX_NAMES = 64 };

static gr_status unknown_rung(const gr_ladder *ladder, const char *name)
{
    const char *names[MAX_NAMES];
    size_t n = 0;
    for (const gr_rung *r = ladder->rungs; r->name && n < MAX_NAMES; r++) names[n++] = r->name;
    char what[80];
    snprintf(what, sizeof what, "rung of %s", ladder->name);
    gr_status status = gr_unknown_word(what, name, names, n);
    for (const gr_ladder *const *l = gr_ladders; *l; l++) // the word may belong to a sister ladder
        if (gr_ladder_find(*l, name) >= 0)
            return gr_fail(GR_EARG, "%s has no rung '%s'; %s/%s is one", ladder->name, name,
                           (*l)->name, name);
    return status;
}

static gr_status unknown_ladder(const char *name)
{
    const char *names[MAX_NAMES];
    size_t n = 0;
    for (const gr_ladder *const *l = gr_ladders; *l && n < MAX_NAMES; l++) names[n++] = (*l)->name;
    gr_unknown_word("ladder", name, names, n);
    return GR_EARG;
}

gr_status gr_select(const char *selector, const gr_ladder **ladder, const gr_rung **rung)
{
    char name[64];
    size_t length = strcspn(selector, "/");
    snprintf(name, sizeof name, "%.*s", (int)length, selector);
    *ladder = NULL, *rung = NULL;
    for (const gr_ladder *const *l = gr_ladders; *l; l++)
        if (!strcmp((*l)->name, name)) *ladder = *l;
    if (!*ladder) return unknown_ladder(name);
    if (!selector[length]) return GR_OK;
    int index = gr_ladder_find(*ladder, selector + length + 1);
    if (index < 0) return unknown_rung(*ladder, selector + length + 1);
    *rung = &(*ladder)->rungs[index];
    return GR_OK;
}

gr_status gr_size_check(const gr_ladder *ladder, gr_size size)
{
    if (size.n == 0)
        return gr_fail(GR_EARG, "size 0 of %s: expected 1 or more %s", ladder->name,
                       ladder->n_name);
    double need = ladder->footprint ? ladder->footprint(size) : 0;
    gr_cpu cpu = gr_cpu_of_machine();
    double have = (double)cpu.memory_available;
    if (have > 0 && !(2 * need < have)) // the problem, and the truth it is compared with
        return gr_fail(GR_EARG,
                       "size %zu of %s needs %.3g GB and its truth as much; %.3g GB are free",
                       size.n, ladder->name, need * 1e-9, have * 1e-9);
    return GR_OK;
}

const char *gr_task_key(const gr_task *task, char text[GR_TASK_KEY])
{
    snprintf(text, GR_TASK_KEY, "%s/%s@%zux%zu/%d%s", task->ladder->name, task->rung->name,
             task->size.n, task->size.steps, task->procs, task->twin ? "'" : "");
    return text;
}

// ---- making a plan
// -------------------------------------------------------------------------------

static gr_status add_task(gr_plan *plan, gr_task task)
{
    gr_task *longer = realloc(plan->tasks, (plan->n + 2) * sizeof *longer);
    if (!longer) return gr_fail(GR_ENOMEM, "plan: out of memory");
    plan->tasks = longer;
    plan->tasks[plan->n++] = task;
    return GR_OK;
}

static gr_status add_with_twin(gr_plan *plan, gr_task task, const gr_plan_options *o)
{
    GR_TRY(add_task(plan, task));
    if (!o->twins || task.why || task.index < 0) return GR_OK;
    task.twin = 1;
    task.truth = false;
    return add_task(plan, task);
}

static const char *why_skipped(const gr_ladder *ladder, const gr_rung *rung, gr_size size,
                               bool asked_for)
{
    if (ladder->per_rank && rung->launcher == GR_LAUNCH_MPI)
        return "each rank has a result of its own: gradus ranks --sweep times it";
    if (rung->launcher == GR_LAUNCH_MPI && gr_ranks_missing()) return gr_ranks_missing();
    if (gr_rung_lacks(rung)) return gr_rung_lacks(rung);
    if (rung->largest && size.n > rung->largest && !asked_for)
        return "too slow at this size; ask for it by name";
    return NULL;
}

// The workers of a parallel rung: so many, twice as many ... and all. At larger sizes one is left
// out: it is the rung before, and takes its time. A quick run has all of them only.
static int first_procs(const gr_plan_options *o, const gr_task *task)
{
    if (o->quick || o->usable == 1) return o->usable;
    return task->size.n == task->ladder->sizes[0].n ? 1 : 2;
}

static gr_status add_rung(gr_plan *plan, const gr_plan_options *o, gr_task task, bool asked_for)
{
    task.why = why_skipped(task.ladder, task.rung, task.size, asked_for);
    task.procs = 1;
    if (task.rung->launcher == GR_LAUNCH_NONE || task.why) return add_with_twin(plan, task, o);
    for (size_t k = 0; k < o->nprocs; k++) {
        task.procs = (int)o->procs[k];
        GR_TRY(add_with_twin(plan, task, o));
    }
    for (int p = first_procs(o, &task); !o->nprocs && p < 2 * o->usable; p *= 2) {
        task.procs = p < o->usable ? p : o->usable; // 1, 2, 4 ... and then all
        GR_TRY(add_with_twin(plan, task, o));
    }
    return GR_OK;
}

// The rung whose outputs the others are compared with: the first that is not too slow at this size
// and gives rung 0's bits.
static int truth_at(const gr_ladder *ladder, gr_size size)
{
    for (int i = 0; ladder->rungs[i].name; i++) {
        const gr_rung *r = &ladder->rungs[i];
        if (!why_skipped(ladder, r, size, false) && (i == 0 || r->tolerance <= 0)) return i;
    }
    return 0;
}

static gr_status add_size(gr_plan *plan, const gr_plan_options *o, const gr_ladder *ladder,
                          const gr_rung *only, gr_size size)
{
    size = gr_ladder_size(ladder, size);
    GR_TRY(gr_size_check(ladder, size));
    int truth = truth_at(ladder, size);
    for (int i = 0; ladder->rungs[i].name; i++) {
        const gr_rung *rung = &ladder->rungs[i];
        if (only && only != rung && i != truth) continue;
        GR_TRY(add_rung(
            plan, o,
            (gr_task){
                .ladder = ladder, .rung = rung, .index = i, .size = size, .truth = i == truth},
            only == rung));
    }
    if (!ladder->limit.name) return GR_OK;
    return add_task(
        plan,
        (gr_task){.ladder = ladder, .rung = &ladder->limit, .index = -1, .size = size, .procs = 1});
}

static gr_status add_ladder(gr_plan *plan, const gr_plan_options *o, const gr_ladder *ladder,
                            const gr_rung *only)
{
    if (o->size.n || o->size.steps) {
        gr_size size = o->size;
        if (!size.n) size.n = ladder->sizes[0].n;
        return add_size(plan, o, ladder, only, size);
    }
    for (const gr_size *s = ladder->sizes; s->n; s++) {
        GR_TRY(add_size(plan, o, ladder, only, *s));
        if (o->quick) break;
    }
    return GR_OK;
}

static bool planned(const gr_plan *plan, const gr_task *task, size_t before)
{
    for (size_t i = 0; i < before; i++) {
        const gr_task *t = &plan->tasks[i];
        if (t->ladder == task->ladder && t->rung == task->rung && t->size.n == task->size.n &&
            t->size.steps == task->size.steps && t->procs == task->procs && t->twin == task->twin)
            return true;
    }
    return false;
}

static void drop_doubles(gr_plan *plan)
{
    size_t kept = 0;
    for (size_t i = 0; i < plan->n; i++)
        if (!planned(plan, &plan->tasks[i], kept)) plan->tasks[kept++] = plan->tasks[i];
    plan->n = kept;
}

gr_status gr_plan_make(gr_plan *plan, const gr_plan_options *o)
{
    *plan = (gr_plan){0};
    gr_status status = GR_OK;
    for (size_t k = 0; k < o->nprocs && !status; k++)
        if (o->procs[k] < 1 || o->procs[k] > 4096)
            status = gr_fail(GR_EARG, "--procs %zu: expected 1 to 4096", o->procs[k]);
    if (!o->selectors || !o->selectors[0])
        for (const gr_ladder *const *l = gr_ladders; *l && !status; l++)
            if ((*l)->sizes[0].n) status = add_ladder(plan, o, *l, NULL);
    for (char **s = o->selectors; s && *s && !status; s++) {
        const gr_ladder *ladder;
        const gr_rung *only;
        status = gr_select(*s, &ladder, &only);
        if (!status) status = add_ladder(plan, o, ladder, only);
    }
    if (!status) drop_doubles(plan);
    if (!status && plan->n == 0)
        status = gr_fail(GR_EARG, "nothing to measure: the ladder has no sizes; give --size");
    if (status) gr_plan_fini(plan);
    return status;
}

void gr_plan_fini(gr_plan *plan)
{
    free(plan->tasks);
    *plan = (gr_plan){0};
}

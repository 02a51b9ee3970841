// SPDX-License-Identifier: BSD-3-Clause
// The ladders `update`, `ring` and `phases`: what there is to do on the simulated machines, and
// what must come out.
#include "lessons/13_shared_memory/machine.h"
#include <stdlib.h>
#include <string.h>

typedef struct problem {
    size_t n;
    uint64_t seed;
    lab machine;  // one after the other
    int64_t *out; // (n, WIDTH)
    void (*collect)(const lab *m, int64_t *out);
    int cores; // of every machine; 0: 2 .. LAB_CORES
} problem;

static void prepare_machine(problem *p, size_t i)
{
    static const size_t patience[] = {1, 2, 4, 16};
    lab *m = &p->machine;
    m->rng = gr_rng_of(p->seed, i);
    m->cores = p->cores ? p->cores : 2 + (int)gr_rng_below(&m->rng, LAB_CORES - 1);
    m->patience = patience[i % 4];
    m->running = m->taken = 0;
    m->bad_cell = 0;
    m->phases = 1 + (int)gr_rng_below(&m->rng, MOST_PHASES);
    m->items = (int)gr_rng_below(&m->rng, MOST_ITEMS + 1);
    memset(m->cell, 0, sizeof m->cell);
    memset(m->item, 0, sizeof m->item);
    for (int c = 0; c < LAB_CORES; c++) m->events[c] = (int)gr_rng_below(&m->rng, MOST_EVENTS + 1);
}

gr_status lab_run(void *problem_, lab_program *program)
{
    problem *p = problem_;
    lab *m = &p->machine;
    m->program = program;
    for (size_t i = 0; i < p->n; i++) {
        prepare_machine(p, i);
        bool ended = lab_run_machine(m);
        if (m->bad_cell >= LAB_CELLS)
            return gr_fail(GR_EDATA, "machine %zu: cell %zu is used; there are %d", i, m->bad_cell,
                           LAB_CELLS);
        if (!ended) return gr_fail(GR_EDATA, "machine %zu: %d cores wait for ever", i, m->cores);
        p->collect(m, p->out + i * WIDTH);
    }
    return GR_OK;
}

// ---- what there is to do ----

int lab_events(const lab *m, int core) { return m->events[core]; }
int lab_items(const lab *m) { return m->items; }
int64_t lab_item(const lab *m, int i) { return 1000 + 7 * i + m->events[0]; }
int lab_phases(const lab *m) { return m->phases; }

void lab_take(lab *m, int64_t item)
{
    if (m->taken < MOST_ITEMS) m->item[m->taken] = item;
    m->taken++;
}

static int64_t mix(int core, int k, int64_t sum) { return (sum * 5 + 3 * core + k) % 1000003; }

// Two halves take turns: phase k reads the one and writes the other.
void lab_work(lab *m, int core, int cores, int k)
{
    size_t from = LAB_FIELD + (size_t)(k % 2) * LAB_CORES;
    size_t to = LAB_FIELD + (size_t)((k + 1) % 2) * LAB_CORES;
    int64_t sum = 0;
    for (int c = 0; c < cores; c++) sum = 3 * sum + lab_load(m, from + (size_t)c);
    lab_store(m, to + (size_t)core, mix(core, k, sum), LAB_RELAXED);
}

// ---- results ----

static void collect_count(const lab *m, int64_t *out)
{
    memset(out, 0, WIDTH * sizeof *out);
    out[0] = m->cell[0];
}

static void collect_items(const lab *m, int64_t *out)
{
    memcpy(out, m->item, sizeof m->item);
    out[WIDTH - 1] = m->taken;
}

static void collect_field(const lab *m, int64_t *out)
{
    memset(out, 0, WIDTH * sizeof *out);
    size_t last = LAB_FIELD + (size_t)(m->phases % 2) * LAB_CORES;
    memcpy(out, m->cell + last, (size_t)m->cores * sizeof *out);
}

// ---- the problem ----

static void teardown(void *problem_)
{
    problem *p = problem_;
    if (!p) return;
    for (int c = 0; c < LAB_CORES; c++) free(p->machine.core[c].stack);
    free(p->out);
    free(p);
}

static gr_status setup(void **problem_, gr_size size, uint64_t seed)
{
    *problem_ = NULL;
    if (size.n > 1000000) return gr_fail(GR_EARG, "%zu machines: at most 1000000", size.n);
    problem *p = calloc(1, sizeof *p);
    if (!p) return gr_fail(GR_ENOMEM, "simulated machines: out of memory");
    p->n = size.n;
    p->seed = seed + size.n;
    p->out = calloc(size.n * WIDTH + 1, sizeof *p->out);
    bool enough = p->out;
    for (int c = 0; c < LAB_CORES; c++)
        enough &= (p->machine.core[c].stack = malloc(STACK)) != NULL;
    if (!enough) {
        teardown(p);
        return gr_fail(GR_ENOMEM, "simulated machines: out of memory");
    }
    *problem_ = p;
    return GR_OK;
}

static gr_status setup_update(void **problem_, gr_size size, uint64_t seed)
{
    GR_TRY(setup(problem_, size, seed));
    ((problem *)*problem_)->collect = collect_count;
    return GR_OK;
}

static gr_status setup_ring(void **problem_, gr_size size, uint64_t seed)
{
    GR_TRY(setup(problem_, size, seed));
    problem *p = *problem_;
    p->collect = collect_items;
    p->cores = 2;
    return GR_OK;
}

static gr_status setup_phases(void **problem_, gr_size size, uint64_t seed)
{
    GR_TRY(setup(problem_, size, seed));
    ((problem *)*problem_)->collect = collect_field;
    return GR_OK;
}

static int outputs(void *problem_, gr_output out[GR_MAX_OUTPUTS])
{
    problem *p = problem_;
    size_t shape[] = {p->n, WIDTH};
    out[0] = (gr_output){"result", gr_array_of(p->out, GR_I64, 2, shape), true};
    return 1;
}

static double machines(const void *problem_) { return (double)((const problem *)problem_)->n; }

// ---- the truth: what one core after the other would do ----

static gr_status serial(problem *p, void (*fill)(lab *m))
{
    for (size_t i = 0; i < p->n; i++) {
        prepare_machine(p, i);
        fill(&p->machine);
        p->collect(&p->machine, p->out + i * WIDTH);
    }
    return GR_OK;
}

static void count_all(lab *m)
{
    for (int c = 0; c < m->cores; c++) m->cell[0] += m->events[c];
}

static void take_all(lab *m)
{
    for (int i = 0; i < m->items; i++) lab_take(m, lab_item(m, i));
}

static void work_all(lab *m)
{
    for (int k = 0; k < m->phases; k++) {
        int64_t *from = m->cell + LAB_FIELD + k % 2 * LAB_CORES, sum = 0;
        int64_t *to = m->cell + LAB_FIELD + (k + 1) % 2 * LAB_CORES;
        for (int c = 0; c < m->cores; c++) sum = 3 * sum + from[c];
        for (int c = 0; c < m->cores; c++) to[c] = mix(c, k, sum);
    }
}

static gr_status count_serially(void *p, int w) { return (void)w, serial(p, count_all); }
static gr_status take_serially(void *p, int w) { return (void)w, serial(p, take_all); }
static gr_status work_serially(void *p, int w) { return (void)w, serial(p, work_all); }

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung update_rungs[] = {
    {.name = "serial", .idea = "one core after the other", .run = count_serially},
    {0},
};

const gr_ladder gr_ladder_update = {
    .name = "update",
    .title = "Several cores count in one cell",
    .lesson = "13_shared_memory",
    .n_name = "simulated machines",
    .sizes = no_sizes,
    .rungs = update_rungs,
    .setup = setup_update,
    .teardown = teardown,
    .outputs = outputs,
    .unit = "machine",
    .work = machines,
};

static const gr_rung ring_rungs[] = {
    {.name = "serial", .idea = "every item is handed over before the next", .run = take_serially},
    {0},
};

const gr_ladder gr_ladder_ring = {
    .name = "ring",
    .title = "One core sends, another receives: a ring buffer",
    .lesson = "13_shared_memory",
    .n_name = "simulated machines",
    .sizes = no_sizes,
    .rungs = ring_rungs,
    .setup = setup_ring,
    .teardown = teardown,
    .outputs = outputs,
    .unit = "machine",
    .work = machines,
};

static const gr_rung phases_rungs[] = {
    {.name = "serial", .idea = "all cores of a phase, then the next", .run = work_serially},
    {0},
};

const gr_ladder gr_ladder_phases = {
    .name = "phases",
    .title = "Nobody goes on before all have come: a barrier",
    .lesson = "13_shared_memory",
    .n_name = "simulated machines",
    .sizes = no_sizes,
    .rungs = phases_rungs,
    .setup = setup_phases,
    .teardown = teardown,
    .outputs = outputs,
    .unit = "machine",
    .work = machines,
};

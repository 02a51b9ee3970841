// SPDX-License-Identifier: BSD-3-Clause
// The simulated machine. Its cores are coroutines: each has a stack, and before every access to
// memory the machine chooses who goes on. A store waits in its core for a while before it reaches
// the cells.
#include "lessons/13_shared_memory/machine.h"
#include <string.h>

enum { MOST_STEPS = 100000 };

// ---- memory ----

static void retire(lab *m, worker *c, int k)
{
    m->cell[c->waiting[k].cell] = c->waiting[k].value;
    memmove(&c->waiting[k], &c->waiting[k + 1], (size_t)(--c->pending - k) * sizeof(store));
}

// Stores to one cell stay in order; a release waits for all before it.
static bool may_retire(const worker *c, int k)
{
    if (c->waiting[k].order == LAB_RELEASE) return k == 0;
    for (int i = 0; i < k; i++)
        if (c->waiting[i].cell == c->waiting[k].cell) return false;
    return true;
}

static void retire_some(lab *m)
{
    worker *c = &m->core[gr_rng_below(&m->rng, (size_t)m->cores)];
    if (c->pending == 0 || gr_rng_below(&m->rng, 4) > 0) return;
    int k = (int)gr_rng_below(&m->rng, (size_t)c->pending);
    if (may_retire(c, k)) retire(m, c, k);
}

static void retire_all(lab *m, worker *c)
{
    while (c->pending > 0) retire(m, c, 0);
}

// Somebody else's turn, perhaps; back here when it is this core's again.
static worker *turn(lab *m, size_t cell)
{
    worker *c = &m->core[m->running];
    if (cell >= LAB_CELLS) m->bad_cell = cell;
    swapcontext(&c->here, &m->home);
    return c;
}

int64_t lab_load(lab *m, size_t cell)
{
    const worker *c = turn(m, cell);
    for (int k = c->pending - 1; k >= 0; k--)
        if (c->waiting[k].cell == cell) return c->waiting[k].value;
    return m->cell[cell];
}

void lab_store(lab *m, size_t cell, int64_t value, lab_order order)
{
    worker *c = turn(m, cell);
    if (c->pending == PENDING) retire(m, c, 0);
    c->waiting[c->pending++] = (store){cell, value, order};
}

int64_t lab_add(lab *m, size_t cell, int64_t value)
{
    retire_all(m, turn(m, cell));
    int64_t before = m->cell[cell];
    m->cell[cell] += value;
    return before;
}

bool lab_compare_swap(lab *m, size_t cell, int64_t expected, int64_t desired)
{
    retire_all(m, turn(m, cell));
    if (m->cell[cell] != expected) return false;
    m->cell[cell] = desired;
    return true;
}

// ---- running ----

static _Thread_local lab *starting; // makecontext hands over no pointers

static void core_main(void)
{
    lab *m = starting;
    int number = m->running;
    m->program(m, number, m->cores);
    m->core[number].done = true;
    swapcontext(&m->core[number].here, &m->home);
}

static void start_core(lab *m, int number)
{
    worker *c = &m->core[number];
    c->done = false;
    c->pending = 0;
    getcontext(&c->here);
    c->here.uc_stack.ss_sp = c->stack;
    c->here.uc_stack.ss_size = STACK;
    c->here.uc_link = NULL;
    makecontext(&c->here, core_main, 0);
}

static int choose(lab *m)
{
    bool keep = !m->core[m->running].done && gr_rng_below(&m->rng, m->patience) > 0;
    int next = keep ? m->running : (int)gr_rng_below(&m->rng, (size_t)m->cores);
    while (m->core[next].done) next = (next + 1) % m->cores;
    return next;
}

static bool all_done(const lab *m)
{
    for (int c = 0; c < m->cores; c++)
        if (!m->core[c].done) return false;
    return true;
}

bool lab_run_machine(lab *m)
{
    for (int c = 0; c < m->cores; c++) start_core(m, c);
    for (int steps = 0; !all_done(m); steps++) {
        if (steps == MOST_STEPS || m->bad_cell >= LAB_CELLS) return false;
        retire_some(m);
        m->running = choose(m);
        starting = m;
        swapcontext(&m->home, &m->core[m->running].here);
    }
    for (int c = 0; c < m->cores; c++) retire_all(m, &m->core[c]);
    return true;
}

// SPDX-License-Identifier: BSD-3-Clause
// ladder_fork -- the rows dealt to processes, in three ways. The kernel is that of `refill`.
//
// A process made by fork has everything that its parent had, at the same addresses. The counts lie
// in memory that both see (ladder.c), so a worker writes them where they belong and nothing is sent
// back. What is dealt are blocks of rows. The pool is started and ended in every run: that is part
// of what processes cost.
#include "lessons/10_mandelbrot/refill.h"
#include "lib/map.h"
#include <stdlib.h>

// A task's record: rows from .. to-1. Its result: how many rows that were.
typedef struct block {
    size_t from, to;
} block;

static gr_status do_block(gr_call *call)
{
    const mandelbrot *m = *(mandelbrot *const *)call->context;
    const block *b = call->in;
    refill r;
    gr_refill_start(&r, m, 0);
    gr_refill_row_range(&r, b->from, b->to);
    gr_refill_finish(&r);
    *(size_t *)call->out = b->to - b->from;
    return GR_OK;
}

static const gr_func block_func = {.name = "mandelbrot-block",
                                   .about = "a block of rows of the Mandelbrot set",
                                   .call = do_block,
                                   .in_size = sizeof(block),
                                   .out_size = sizeof(size_t)};

static void tell_workers(const gr_map *map, int workers)
{
    gr_worker *w = calloc((size_t)workers, sizeof *w);
    int n = w ? gr_map_workers(map, w, workers) : 0;
    for (int k = 0; k < n && k < workers; k++) gr_rung_worked(k, w[k].tasks, w[k].busy);
    free(w);
}

static gr_status run_blocks(const char *spec, const gr_job *job, int workers)
{
    gr_map *map;
    GR_TRY(gr_map_new(&map, spec, NULL));
    gr_status status = gr_map_run(map, job);
    if (!status) tell_workers(map, workers);
    gr_map_free(map);
    return status;
}

// Deals all rows in blocks of `rows`, or in one block for each worker where that is 0.
static gr_status deal(const mandelbrot *m, const char *strategy, int workers, size_t rows)
{
    size_t n = rows ? (m->n + rows - 1) / rows : (size_t)workers;
    char spec[64];
    snprintf(spec, sizeof spec, "fork-%s:%d", strategy, workers);
    block *blocks = calloc(n + 1, sizeof *blocks);
    size_t *done = calloc(n + 1, sizeof *done);
    for (size_t k = 0; blocks && k < n; k++) {
        blocks[k].from = rows ? k * rows : m->n * k / n;
        blocks[k].to = rows ? (k + 1) * rows : m->n * (k + 1) / n;
        if (blocks[k].to > m->n) blocks[k].to = m->n;
    }
    gr_job job = {.func = &block_func,
                  .n = n,
                  .in = blocks,
                  .out = done,
                  .context = &m,
                  .context_size = sizeof m,
                  .chunk = 1};
    gr_status status = blocks && done ? run_blocks(spec, &job, workers)
                                      : gr_fail(GR_ENOMEM, "%zu blocks: out of memory", n);
    free(blocks), free(done);
    return status;
}

enum { FEW_ROWS = 4 * ROWS };

gr_status gr_mandelbrot_fork(void *problem, int workers)
{
    return deal(problem, "equalportion", workers, 0);
}

gr_status gr_mandelbrot_carddealer(void *problem, int workers)
{
    return deal(problem, "carddealer", workers, FEW_ROWS);
}

gr_status gr_mandelbrot_dynamic(void *problem, int workers)
{
    return deal(problem, "pool", workers, FEW_ROWS);
}

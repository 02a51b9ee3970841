// SPDX-License-Identifier: BSD-3-Clause
// The rungs of `primes` that leave dealing, deaths and waiting to gr_map: pl.map(is_prime, numbers)
// of the talk's slide, in C. The pool is made and ended within the run, as in the other rungs.
#include "lessons/12_pools/pools.h"
#include "lib/map.h"
#include "lib/primes.h"
#include <string.h>

static gr_status new_pool(gr_map **map, int workers)
{
    char spec[32];
    snprintf(spec, sizeof spec, "fork:%d", workers);
    return gr_map_new(map, spec, NULL);
}

// ---- `fork`: a task for each number ----

static gr_status map_numbers(gr_map *map, primes *p, uint64_t *numbers, int64_t *answers)
{
    for (size_t i = 0; i < p->n; i++) numbers[i] = p->first + i;
    gr_job job = {.func = &gr_func_fermat, .n = p->n, .in = numbers, .out = answers};
    GR_TRY(gr_map_run(map, &job));
    for (size_t i = 0; i < p->n; i++) p->passes[i] = (uint8_t)answers[i];
    return GR_OK;
}

gr_status pools_fork_map(void *problem, int workers)
{
    primes *p = problem;
    gr_map *map;
    GR_TRY(new_pool(&map, workers));
    uint64_t *numbers = gr_map_memory(map, (p->n + 1) * sizeof *numbers);
    int64_t *answers = gr_map_memory(map, (p->n + 1) * sizeof *answers);
    gr_status status = numbers && answers ? map_numbers(map, p, numbers, answers) : GR_ENOMEM;
    gr_map_release(map, numbers);
    gr_map_release(map, answers);
    gr_map_free(map);
    return status;
}

// ---- `blocks`: a task for each thousand numbers ----

enum { BLOCK = 1000 };

typedef struct block {
    uint64_t first, count; // count <= BLOCK
} block;

static gr_status test_block(gr_call *call)
{
    const block *b = call->in;
    uint8_t *passes = call->out;
    for (uint64_t i = 0; i < b->count; i++) passes[i] = gr_fermat(b->first + i);
    return GR_OK;
}

static const gr_func block_func = {
    .name = "fermat-block",
    .about = "a thousand numbers: which pass Fermat's test?",
    .call = test_block,
    .in_size = sizeof(block),
    .out_size = BLOCK,
};

static gr_status map_blocks(gr_map *map, primes *p, block *blocks, size_t n, uint8_t *passes)
{
    for (size_t k = 0; k < n; k++) {
        size_t left = p->n - k * BLOCK;
        blocks[k] = (block){p->first + k * BLOCK, left < BLOCK ? left : BLOCK};
    }
    gr_job job = {.func = &block_func, .n = n, .in = blocks, .out = passes};
    GR_TRY(gr_map_run(map, &job));
    memcpy(p->passes, passes, p->n);
    return GR_OK;
}

gr_status pools_blocks(void *problem, int workers)
{
    primes *p = problem;
    size_t n = (p->n + BLOCK - 1) / BLOCK;
    gr_map *map;
    GR_TRY(new_pool(&map, workers));
    block *blocks = gr_map_memory(map, (n + 1) * sizeof *blocks);
    uint8_t *passes = gr_map_memory(map, (n + 1) * BLOCK);
    gr_status status = blocks && passes ? map_blocks(map, p, blocks, n, passes) : GR_ENOMEM;
    gr_map_release(map, blocks);
    gr_map_release(map, passes);
    gr_map_free(map);
    return status;
}

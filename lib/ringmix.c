// SPDX-License-Identifier: BSD-3-Clause
#include "lib/ringmix.h"
#include "lib/ranks.h"
#include <stdlib.h>
#include <string.h>

void gr_ringmix_mix(uint32_t *to, const uint32_t *own, const uint32_t *left, const uint32_t *right,
                    size_t n)
{
    for (size_t k = 0; k < n; k++) to[k] = left[k] + 3 * own[k] + 5 * right[k];
}

static void begin(const gr_ringmix *p, int rank, uint32_t *numbers)
{
    for (size_t k = 0; k < p->n; k++)
        numbers[k] = (uint32_t)(p->seed + 7919u * (unsigned)rank + 31u * k);
}

void gr_ringmix_begin(const gr_ringmix *p, uint32_t *numbers) { begin(p, p->me, numbers); }

void gr_ringmix_reset(void *problem)
{
    gr_ringmix *p = problem;
    begin(p, p->me, p->own);
}

void gr_ringmix_teardown(void *problem)
{
    gr_ringmix *p = problem;
    if (!p) return;
    free(p->own), free(p->both), free(p->ring);
    free(p);
}

gr_status gr_ringmix_setup(void **problem, gr_size size, uint64_t seed)
{
    *problem = NULL;
    if (size.n > 10000000 || size.steps > 1000000)
        return gr_fail(GR_EARG, "%zu numbers, %zu steps: too many", size.n, size.steps);
    gr_ringmix *p = calloc(1, sizeof *p);
    if (!p) return gr_fail(GR_ENOMEM, "ringmix: out of memory");
    p->n = size.n, p->steps = size.steps, p->seed = seed;
    p->ranks = gr_ranks(), p->me = gr_rank();
    p->own = malloc((p->n + 1) * sizeof *p->own);
    p->both = malloc((2 * p->n + 1) * sizeof *p->own);
    p->ring = malloc((2 * (size_t)p->ranks * p->n + 1) * sizeof *p->own);
    if (!p->own || !p->both || !p->ring) {
        gr_ringmix_teardown(p);
        return gr_fail(GR_ENOMEM, "%zu numbers: out of memory", size.n);
    }
    gr_ringmix_reset(p);
    *problem = p;
    return GR_OK;
}

int gr_ringmix_outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    gr_ringmix *p = problem;
    out[0] = (gr_output){"number", gr_array_of(p->own, GR_I32, 1, &p->n), true};
    return 1;
}

double gr_ringmix_work(const void *problem)
{
    const gr_ringmix *p = problem;
    return (double)p->n * (double)p->steps;
}

gr_status gr_ringmix_foreseen(void *problem, int workers)
{
    gr_ringmix *p = problem;
    size_t n = p->n, ranks = (size_t)p->ranks;
    uint32_t *old = p->ring, *fresh = p->ring + ranks * n;
    (void)workers;
    for (int r = 0; r < p->ranks; r++) begin(p, r, old + (size_t)r * n);
    for (size_t s = 0; s < p->steps; s++) {
        for (size_t r = 0; r < ranks; r++)
            gr_ringmix_mix(fresh + r * n, old + r * n, old + (r + ranks - 1) % ranks * n,
                           old + (r + 1) % ranks * n, n);
        uint32_t *came = fresh;
        fresh = old, old = came;
    }
    memcpy(p->own, old + (size_t)p->me * n, n * sizeof *old);
    return GR_OK;
}

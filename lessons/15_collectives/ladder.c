// SPDX-License-Identifier: BSD-3-Clause
// The problem behind the ladders of the slides: who has what, who is to have what, and how many
// messages were needed. ladder_slides.c has the ladders.
#include "lessons/15_collectives/ladder_part.h"
#include <stdlib.h>
#include <string.h>

enum { PAGE = 4096 };

// ---- parts, rounds ----

size_t collective_cut(size_t n, int parts, int i)
{
    return n / (size_t)parts * (size_t)i + n % (size_t)parts * (size_t)i / (size_t)parts;
}

int collective_rounds(int ranks)
{
    int rounds = 0;
    while (rounds < 30 && 1 << rounds < ranks) rounds++;
    return rounds;
}

void collective_add(int64_t *restrict to, const int64_t *restrict from, size_t n)
{
    for (size_t k = 0; k < n; k++) to[k] += from[k];
}

// ---- what all hold ----

// Number k of block `block` of rank `rank`.
static int64_t number(const collective *p, int rank, int block, size_t k)
{
    uint64_t x = (p->seed + 3) * (k % 1009 + 1);
    return (int64_t)(x + (uint64_t)rank * 7919 * (k % 13 + 1) + (uint64_t)block * 104729);
}

static bool many_given(collective_kind kind)
{
    return kind == SCATTER || kind == REDUCE_SCATTER || kind == ALLTOALL;
}

static size_t blocks_got(const collective *p)
{
    if (p->kind == ALLGATHER || p->kind == ALLTOALL) return (size_t)p->ranks;
    if (p->kind == GATHER) return p->me == p->root ? (size_t)p->ranks : 0;
    return p->kind == REDUCE && p->me != p->root ? 0 : 1;
}

// ---- the problem ----

void collective_teardown(void *problem)
{
    collective *p = problem;
    if (!p) return;
    free((void *)p->out), free(p->in), free(p->work);
    free(p);
}

// On pages of their own: how fast numbers are copied depends on where they begin in a cache line.
static int64_t *on_pages(size_t bytes) { return aligned_alloc(PAGE, bytes / PAGE * PAGE + PAGE); }

static gr_status allocate(collective *p)
{
    size_t gives = many_given(p->kind) ? (size_t)p->ranks : 1, block = p->n * sizeof *p->in;
    int64_t *out = on_pages(gives * block);
    p->out = out;
    p->in = on_pages(p->gets * block), p->work = on_pages(((size_t)p->ranks + 1) * block);
    if (!out || !p->in || !p->work) return gr_fail(GR_ENOMEM, "blocks of %zu: no memory", p->n);
    memset(p->in, 0, p->gets * block);
    for (size_t b = 0; b < gives; b++)
        for (size_t k = 0; k < p->n; k++) out[b * p->n + k] = number(p, p->me, (int)b, k);
    return GR_OK;
}

gr_status collective_setup(void **problem, gr_size size, uint64_t seed, collective_kind kind)
{
    *problem = NULL;
    if (size.n > (size_t)1 << 27)
        return gr_fail(GR_EARG, "blocks of %zu: expected at most %d", size.n, 1 << 27);
    collective *p = calloc(1, sizeof *p);
    if (!p) return gr_fail(GR_ENOMEM, "a collective: out of memory");
    p->kind = kind, p->seed = seed, p->ranks = gr_ranks(), p->me = gr_rank();
    p->n = kind == BARRIER ? 1 : size.n;
    p->root = (int)((size.n + 1) % (size_t)p->ranks);
    p->gets = blocks_got(p);
    gr_status status = allocate(p);
    if (status) return collective_teardown(p), status;
    *problem = p;
    return GR_OK;
}

// ---- messages ----

static void limit(collective *p, int64_t least, int64_t most, size_t numbers)
{
    p->least[0] = least, p->most[0] = most;
    p->least[1] = 0, p->most[1] = (int64_t)(numbers * sizeof *p->out);
}

void collective_costs(collective *p, int messages, size_t numbers)
{
    limit(p, messages, messages, numbers);
    p->least[1] = p->most[1];
}

// What an exercise may send. One of bcast is a tree: its root is busy in every round, and nobody
// else is. One of allreduce sends no number that it need not send.
static void limit_exercise(collective *p)
{
    int rounds = collective_rounds(p->ranks);
    int64_t steps = 2 * ((int64_t)p->ranks - 1);
    size_t part = (p->n + (size_t)p->ranks - 1) / (size_t)p->ranks;
    if (p->kind == BCAST && p->me == p->root) limit(p, rounds, rounds, (size_t)rounds * p->n);
    if (p->kind == BCAST && p->me != p->root) limit(p, 0, rounds - 1, (size_t)rounds * p->n);
    if (p->kind == ALLREDUCE) limit(p, p->ranks > 1 && p->n > 0, steps, (size_t)steps * part);
}

void collective_reset(void *problem)
{
    collective *p = problem;
    if (p->kind == BCAST && p->me == p->root) memcpy(p->in, p->out, p->n * sizeof *p->in);
    p->before = gr_ranks_sent();
    p->foreseen = false;
    limit_exercise(p);
}

static int64_t off(const collective *p, int k, uint64_t now, uint64_t before)
{
    int64_t sent = (int64_t)(now - before);
    if (p->foreseen) return 0;
    return sent > p->most[k] ? sent - p->most[k] : sent < p->least[k] ? sent - p->least[k] : 0;
}

int collective_outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    collective *p = problem;
    gr_traffic now = gr_ranks_sent();
    size_t shape[] = {p->gets, p->n}, one[] = {1};
    p->off[0] = off(p, 0, now.messages, p->before.messages);
    p->off[1] = off(p, 1, now.bytes, p->before.bytes);
    out[0] = (gr_output){"in", gr_array_of(p->in, GR_I64, 2, shape), true};
    out[1] = (gr_output){"messages beyond the limit", gr_array_of(&p->off[0], GR_I64, 1, one), 1};
    out[2] = (gr_output){"bytes beyond the limit", gr_array_of(&p->off[1], GR_I64, 1, one), 1};
    return 3;
}

double collective_numbers(const void *problem)
{
    const collective *p = problem;
    return (double)p->n;
}

// ---- without messages ----

static int64_t sum(const collective *p, int ranks, int block, size_t k)
{
    int64_t all = 0;
    for (int r = 0; r < ranks; r++) all += number(p, r, block, k);
    return all;
}

// Number k of block b that this rank is to have.
static int64_t foreseen(const collective *p, int b, size_t k)
{
    switch (p->kind) {
    case BCAST:
        return number(p, p->root, 0, k);
    case SCATTER:
        return number(p, p->root, p->me, k);
    case GATHER:
    case ALLGATHER:
        return number(p, b, 0, k);
    case REDUCE:
    case ALLREDUCE:
        return sum(p, p->ranks, 0, k);
    case REDUCE_SCATTER:
        return sum(p, p->ranks, p->me, k);
    case ALLTOALL:
        return number(p, b, p->me, k);
    case SCAN:
        return sum(p, p->me + 1, 0, k);
    default:
        return 1;
    }
}

gr_status collective_foreseen(void *problem, int workers)
{
    collective *p = problem;
    (void)workers;
    p->foreseen = true;
    for (size_t b = 0; b < p->gets; b++)
        for (size_t k = 0; k < p->n; k++) p->in[b * p->n + k] = foreseen(p, (int)b, k);
    return GR_OK;
}

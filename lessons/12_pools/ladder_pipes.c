// SPDX-License-Identifier: BSD-3-Clause
// Numbers and answers that travel: the rungs `process` and `pool` of `primes`, and the ladder
// `chunks`, whose rungs differ in nothing but how many numbers go into one message.
//
// `pool` does what Python's multiprocessing.Pool.map does: the parent packs numbers into a message,
// a worker sends a pair (number, answer) back for each, and the parent, alone, unpacks them all.
#include "lessons/12_pools/pools.h"
#include "lib/primes.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>

// ---- `process`: one for each block ----

enum { BLOCK = 1000 };

static size_t blocks_of(const primes *p) { return (p->n + BLOCK - 1) / BLOCK; }

static size_t block_size(const primes *p, size_t block)
{
    size_t left = p->n - block * BLOCK;
    return left < BLOCK ? left : BLOCK;
}

static gr_status send_block(int block, int fd, void *context)
{
    const primes *p = context;
    uint8_t answers[BLOCK];
    size_t start = (size_t)block * BLOCK, size = block_size(p, (size_t)block);
    for (size_t i = 0; i < size; i++) answers[i] = gr_fermat(p->first + start + i);
    return pools_write(fd, answers, size);
}

static gr_status receive_block(primes *p, size_t block, pools_worker *worker)
{
    gr_status status = pools_read(worker->fd, p->passes + block * BLOCK, block_size(p, block));
    if (status) pools_kill(worker); // there is nobody to wait for
    return status ? status : pools_end(worker);
}

gr_status pools_process(void *problem, int workers)
{
    primes *p = problem;
    size_t crowd = (size_t)workers, started = 0, received = 0, blocks = blocks_of(p);
    pools_worker *worker = calloc(crowd, sizeof *worker);
    gr_status status = worker ? GR_OK : gr_fail(GR_ENOMEM, "process: out of memory");
    while (!status && received < blocks) {
        if (started < blocks && started - received < crowd) {
            status = pools_start(&worker[started % crowd], send_block, (int)started, p);
            started++;
        } else {
            status = receive_block(p, received, &worker[received % crowd]);
            received++;
        }
    }
    for (size_t w = 0; worker && w < crowd; w++) pools_kill(&worker[w]);
    free(worker);
    return status;
}

// ---- `pool`: workers that stay ----

typedef struct pair {
    uint64_t number, passes;
} pair;

// A message to a worker is a count and as many numbers; its answer as many pairs. 0: go home.
typedef struct pool {
    primes *p;
    pools_worker *worker;
    int workers;
    size_t chunk;  // numbers in a message
    size_t dealt;  // numbers that were sent
    size_t *asked; // (workers): how many each is at; 0: it is idle
    uint64_t *numbers;
    pair *pairs; // both (chunk), for one message
} pool;

static gr_status answer(int fd, const uint64_t *numbers, pair *pairs, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) pairs[i] = (pair){numbers[i], gr_fermat(numbers[i])};
    return pools_write(fd, pairs, count * sizeof *pairs);
}

static gr_status serve(int number, int fd, void *context)
{
    pool *own = context; // its buffers are this process's own by now
    (void)number;
    for (;;) {
        uint64_t count;
        GR_TRY(pools_read(fd, &count, sizeof count));
        if (count == 0) return GR_OK;
        GR_TRY(pools_read(fd, own->numbers, count * sizeof *own->numbers));
        GR_TRY(answer(fd, own->numbers, own->pairs, count));
    }
}

// Gives a worker its next numbers, if there are any.
static gr_status ask(pool *q, int w)
{
    size_t left = q->p->n - q->dealt, count = left < q->chunk ? left : q->chunk;
    uint64_t head = count;
    q->asked[w] = count;
    if (count == 0) return GR_OK;
    for (size_t i = 0; i < count; i++) q->numbers[i] = q->p->first + q->dealt + i;
    q->dealt += count;
    GR_TRY(pools_write(q->worker[w].fd, &head, sizeof head));
    return pools_write(q->worker[w].fd, q->numbers, count * sizeof *q->numbers);
}

static gr_status take_answer(pool *q, int w)
{
    GR_TRY(pools_read(q->worker[w].fd, q->pairs, q->asked[w] * sizeof *q->pairs));
    for (size_t i = 0; i < q->asked[w]; i++)
        q->p->passes[q->pairs[i].number - q->p->first] = (uint8_t)q->pairs[i].passes;
    return ask(q, w);
}

static gr_status attend(pool *q, struct pollfd *watched)
{
    for (;;) {
        int busy = 0;
        for (int w = 0; w < q->workers; w++) {
            busy += q->asked[w] > 0;
            watched[w] = (struct pollfd){q->asked[w] ? q->worker[w].fd : -1, POLLIN, 0};
        }
        if (busy == 0) return GR_OK;
        if (poll(watched, (nfds_t)q->workers, -1) < 0 && errno != EINTR)
            return gr_fail_errno("waiting for workers");
        for (int w = 0; w < q->workers; w++)
            if (watched[w].revents) GR_TRY(take_answer(q, w));
    }
}

static gr_status run_pool(pool *q)
{
    struct pollfd *watched = calloc((size_t)q->workers, sizeof *watched);
    gr_status status = watched ? GR_OK : gr_fail(GR_ENOMEM, "pool: out of memory");
    for (int w = 0; w < q->workers && !status; w++)
        status = pools_start(&q->worker[w], serve, w, q);
    for (int w = 0; w < q->workers && !status; w++) status = ask(q, w);
    if (!status) status = attend(q, watched);
    for (int w = 0; w < q->workers && !status; w++)
        status = pools_write(q->worker[w].fd, &(uint64_t){0}, sizeof(uint64_t));
    for (int w = 0; w < q->workers && !status; w++) status = pools_end(&q->worker[w]);
    for (int w = 0; w < q->workers; w++) pools_kill(&q->worker[w]); // after a failure
    free(watched);
    return status;
}

static gr_status through_pipes(primes *p, int workers, size_t chunk)
{
    size_t crowd = (size_t)workers;
    pool q = {.p = p,
              .workers = workers,
              .chunk = chunk,
              .worker = calloc(crowd, sizeof *q.worker),
              .asked = calloc(crowd, sizeof *q.asked),
              .numbers = malloc(chunk * sizeof *q.numbers),
              .pairs = malloc(chunk * sizeof *q.pairs)};
    bool room = q.worker && q.asked && q.numbers && q.pairs;
    gr_status status = room ? run_pool(&q) : gr_fail(GR_ENOMEM, "pool: out of memory");
    free(q.worker), free(q.asked), free(q.numbers), free(q.pairs);
    return status;
}

// Python's chunk: four messages for each worker.
gr_status pools_pool(void *problem, int workers)
{
    primes *p = problem;
    size_t messages = 4 * (size_t)workers;
    return through_pipes(p, workers, p->n / messages + 1);
}

// ---- the ladder `chunks` ----

static gr_status by_1(void *p, int workers) { return through_pipes(p, workers, 1); }
static gr_status by_10(void *p, int workers) { return through_pipes(p, workers, 10); }
static gr_status by_100(void *p, int workers) { return through_pipes(p, workers, 100); }
static gr_status by_1000(void *p, int workers) { return through_pipes(p, workers, 1000); }
static gr_status at_once(void *p, int workers)
{
    const primes *q = p;
    return through_pipes(p, workers, q->n / (size_t)workers + 1);
}

static const gr_size sizes[] = {{20000, 0}, {0}};

static const gr_rung rungs[] = {
    {.name = "serial", .run = pools_serial, .idea = "one core, nothing travels"},
    {.name = "by-1",
     .run = by_1,
     .launcher = GR_LAUNCH_FORK,
     .idea = "one number a message, one pair back: hardly any work between them"},
    {.name = "by-10", .run = by_10, .launcher = GR_LAUNCH_FORK, .idea = "ten numbers a message"},
    {.name = "by-100",
     .run = by_100,
     .launcher = GR_LAUNCH_FORK,
     .idea = "a hundred: the price of a message is shared by all in it"},
    {.name = "by-1000", .run = by_1000, .launcher = GR_LAUNCH_FORK, .idea = "a thousand"},
    {.name = "at-once",
     .run = at_once,
     .launcher = GR_LAUNCH_FORK,
     .idea = "one message for each worker: nobody works before the first has been packed"},
    {0},
};

static double footprint(gr_size size) { return (double)size.n; }

const gr_ladder gr_ladder_chunks = {
    .name = "chunks",
    .title = "How many numbers go into one message?",
    .lesson = "12_pools",
    .n_name = "numbers",
    .sizes = sizes,
    .rungs = rungs,
    .setup = pools_primes_setup,
    .teardown = pools_primes_teardown,
    .outputs = pools_primes_outputs,
    .unit = "number",
    .work = pools_primes_work,
    .bytes = 1,
    .footprint = footprint,
};

// SPDX-License-Identifier: BSD-3-Clause
#include "lib/map_cost.h"
#include "lib/stats.h"
#include <assert.h>
#include <math.h>
#include <stdlib.h>

enum {
    SUMMED = 1024,  // tasks of a chunk that are added one by one; more are drawn as one sum
    DEALT = 16384,  // chunks that are dealt one by one; those before them are shared equally
    DRAWS = 1 << 17 // lengths to draw for one forecast: decides how many orders are averaged
};

typedef struct play {
    const gr_map_costs *costs;
    const gr_map_load *load;
    size_t chunk;
    double mean, deviation, longest; // of the lengths
    size_t *order;                   // (n) a permutation; NULL: lengths are drawn, or in order
    double *clock;                   // (workers) when each is free
    gr_rng rng;
} play;

// ---- the time of some tasks --------------------------------------------------------------------

static size_t scaled(size_t i, size_t from, size_t to)
{
    size_t k = (size_t)((double)i / (double)from * (double)to);
    return k < to ? k : to - 1;
}

static double length_of(play *p, size_t task)
{
    const gr_map_load *load = p->load;
    if (load->in_order) return load->length[scaled(task, load->n, load->lengths)];
    if (p->order) return load->length[scaled(p->order[task], load->n, load->lengths)];
    return load->length[gr_rng_below(&p->rng, load->lengths)];
}

static double summed(play *p, size_t first, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += length_of(p, first + i);
    return sum;
}

// Many tasks in an unknown order have a sum that is nearly normal; in a known one, every so many
// stand for all.
static double sum_of_many(play *p, size_t first, size_t n)
{
    double sum = 0;
    if (!p->load->in_order) {
        sum = (double)n * p->mean + sqrt((double)n) * p->deviation * gr_rng_normal(&p->rng);
        return sum > 0 ? sum : 0;
    }
    for (size_t i = 0; i < SUMMED; i++)
        sum += length_of(p, first + scaled(2 * i + 1, 2 * SUMMED, n));
    return sum * (double)n / SUMMED;
}

static double stretched(const play *p, double seconds)
{
    return p->costs->stretch > 0 ? p->costs->stretch * seconds : seconds;
}

// A worker's time for a chunk of n tasks.
static double chunk_time(play *p, size_t first, size_t n)
{
    double tasks = n <= SUMMED ? summed(p, first, n) : sum_of_many(p, first, n);
    return p->costs->chunk + (double)n * p->costs->task + stretched(p, tasks);
}

// What the first n tasks take on the average of all orders.
static double expected(play *p, size_t n)
{
    if (n <= SUMMED || !p->load->in_order) return (double)n * p->mean;
    return sum_of_many(p, 0, n);
}

// A worker's time for an equal share of the first so many tasks, in so many chunks.
static double fair_share(play *p, size_t tasks, size_t chunks)
{
    double all = (double)chunks * p->costs->chunk + (double)tasks * p->costs->task +
                 stretched(p, expected(p, tasks));
    return all / p->costs->workers;
}

// ---- dealing: each fills the clocks ------------------------------------------------------------

static void deal_blocks(play *p)
{
    size_t n = p->load->n, size = (size_t)p->costs->workers;
    for (size_t w = 0; w < size; w++) {
        size_t from = n / size * w + n % size * w / size;
        size_t to = n / size * (w + 1) + n % size * (w + 1) / size;
        if (to > from) p->clock[w] = chunk_time(p, from, to - from);
    }
}

static double chunk_at(play *p, size_t k)
{
    size_t first = k * p->chunk, left = p->load->n - first;
    return chunk_time(p, first, left < p->chunk ? left : p->chunk);
}

static size_t chunks_of(const play *p) { return (p->load->n - 1) / p->chunk + 1; }

// Of very many cards each worker has a fair share, give or take what chance does to a sum.
static void deal_many_cards(play *p)
{
    double share = fair_share(p, p->load->n, chunks_of(p));
    double tasks = (double)p->load->n / p->costs->workers;
    double chance = p->load->in_order ? 0 : stretched(p, sqrt(tasks) * p->deviation);
    for (int w = 0; w < p->costs->workers; w++)
        p->clock[w] = share + (chance > 0 ? chance * gr_rng_normal(&p->rng) : 0);
}

static void deal_cards(play *p)
{
    size_t chunks = chunks_of(p), size = (size_t)p->costs->workers;
    for (size_t k = 0; k < chunks && chunks <= DEALT; k++) p->clock[k % size] += chunk_at(p, k);
    if (chunks > DEALT) deal_many_cards(p);
}

static double *first_free(play *p)
{
    double *first = p->clock;
    for (int w = 1; w < p->costs->workers; w++)
        if (p->clock[w] < *first) first = &p->clock[w];
    return first;
}

// What lies long before the end is shared equally, whatever its chunks were.
static void deal_pool(play *p)
{
    size_t chunks = chunks_of(p), early = chunks > DEALT ? chunks - DEALT : 0;
    double share = fair_share(p, early * p->chunk, early);
    for (int w = 0; w < p->costs->workers; w++) p->clock[w] = share;
    for (size_t k = early; k < chunks; k++) *first_free(p) += chunk_at(p, k);
}

static void deal_guided(play *p)
{
    size_t n = p->load->n;
    for (size_t first = 0; first < n;) {
        size_t part = (n - first) / (2 * (size_t)p->costs->workers);
        if (part < p->chunk) part = p->chunk;
        if (part > n - first) part = n - first;
        *first_free(p) += chunk_time(p, first, part);
        first += part;
    }
}

static void deal_to_one(play *p) { p->clock[0] = chunk_time(p, 0, p->load->n); }

static void (*const dealers[])(play *p) = {
    [GR_POOL] = deal_pool,        [GR_GUIDED] = deal_guided,     [GR_EQUALPORTION] = deal_blocks,
    [GR_CARDDEALER] = deal_cards, [GR_SEQUENTIAL] = deal_to_one,
};

// When the last worker is done.
static double makespan(play *p, gr_strategy strategy)
{
    double last = 0;
    for (int w = 0; w < p->costs->workers; w++) p->clock[w] = 0;
    dealers[strategy](p);
    for (int w = 0; w < p->costs->workers; w++) last = fmax(last, p->clock[w]);
    return last;
}

// ---- forecasts ---------------------------------------------------------------------------------

static gr_status describe(play *p)
{
    const gr_map_load *load = p->load;
    double sum = 0, squares = 0;
    for (size_t i = 0; i < load->lengths; i++) {
        double length = load->length[i];
        if (!(length >= 0 && length < INFINITY))
            return gr_fail(GR_EARG, "a task of %g s: expected 0 or more", length);
        sum += length;
        p->longest = fmax(p->longest, length);
    }
    p->mean = sum / (double)load->lengths;
    for (size_t i = 0; i < load->lengths; i++)
        squares += (load->length[i] - p->mean) * (load->length[i] - p->mean);
    p->deviation = sqrt(squares / (double)load->lengths);
    return GR_OK;
}

// How many orders are averaged: one where the order is known or makes no difference.
static size_t rounds_of(const play *p)
{
    if (p->load->in_order || !(p->deviation > 0)) return 1;
    size_t rounds = DRAWS / p->load->n;
    return rounds < 2 ? 2 : rounds > 64 ? 64 : rounds;
}

static double mean_makespan(play *p, gr_strategy strategy)
{
    double sum = 0;
    size_t rounds = rounds_of(p);
    for (size_t r = 0; r < rounds; r++) {
        p->rng = gr_rng_of(1, r);
        for (size_t i = 0; p->order && i < p->load->n; i++) p->order[i] = i;
        if (p->order) gr_shuffle(&p->rng, p->load->n, p->order);
        sum += makespan(p, strategy);
    }
    return sum / (double)rounds;
}

static gr_status start_play(play *p)
{
    size_t n = p->load->n;
    p->clock = malloc((size_t)p->costs->workers * sizeof *p->clock);
    if (!p->load->in_order && n <= DEALT) p->order = malloc(n * sizeof *p->order);
    if (p->clock && (p->order || p->load->in_order || n > DEALT)) return GR_OK;
    free(p->clock), free(p->order);
    return gr_fail(GR_ENOMEM, "a forecast of %zu tasks: out of memory", n);
}

gr_status gr_map_predict(const gr_map_costs *costs, const gr_map_load *load, gr_strategy strategy,
                         size_t chunk, bool cold, gr_map_forecast *forecast)
{
    assert((unsigned)strategy < GR_STRATEGIES);
    *forecast = (gr_map_forecast){.seconds = costs->job + (cold ? costs->start : 0)};
    if (costs->workers < 1)
        return gr_fail(GR_EARG, "%d workers: expected 1 or more", costs->workers);
    if (load->n == 0) return GR_OK;
    if (load->lengths == 0) return gr_fail(GR_EARG, "a forecast without the length of any task");
    play p = {.costs = costs, .load = load, .chunk = chunk};
    if (!chunk) p.chunk = gr_chunk(load->n, costs->workers);
    GR_TRY(describe(&p));
    GR_TRY(start_play(&p));
    forecast->seconds += mean_makespan(&p, strategy) + (double)load->n * load->bytes * costs->byte;
    forecast->work = (double)load->n * p.mean;
    forecast->ideal = fmax(forecast->work / costs->workers, p.longest);
    free(p.clock), free(p.order);
    return GR_OK;
}

// Does a pool beat one core at this length?
static bool pays(const gr_map_costs *costs, size_t n, double serial, bool cold, double length)
{
    gr_map_forecast f;
    gr_map_load load = {.n = n, .length = &length, .lengths = 1, .in_order = true};
    if (gr_map_predict(costs, &load, GR_POOL, 0, cold, &f)) return false;
    return f.seconds < (double)n * (length + serial);
}

double gr_map_break_even(const gr_map_costs *costs, size_t n, double serial, bool cold)
{
    double low = log(1e-10), high = log(1e3);
    if (!pays(costs, n, serial, cold, exp(high))) return NAN;
    while (high - low > 1e-3) {
        double middle = (low + high) / 2;
        *(pays(costs, n, serial, cold, exp(middle)) ? &high : &low) = middle;
    }
    return exp(high);
}

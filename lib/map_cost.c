// SPDX-License-Identifier: BSD-3-Clause
#include "lib/map_cost.h"
#include "lib/deal.h"
#include "lib/stats.h"
#include <math.h>
#include <stdlib.h>

enum {
    SUMMED = 1024,  // tasks of a chunk that are added one by one; more are drawn as one sum
    DEALT = 16384,  // chunks that are dealt one by one, and tasks that are shuffled
    DRAWS = 1 << 17 // lengths to draw for one forecast: decides how many orders are averaged
};

typedef struct play {
    const gr_map_costs *costs;
    const gr_map_load *load;
    gr_deal deal;                    // only what it says of chunks is used
    void *words;                     // its memory
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

// ---- dealing -----------------------------------------------------------------------------------

static double chunk_at(play *p, size_t k)
{
    size_t first = gr_deal_lo(&p->deal, k);
    return chunk_time(p, first, gr_deal_lo(&p->deal, k + 1) - first);
}

static double *first_free(play *p)
{
    double *first = p->clock;
    for (int w = 1; w < p->costs->workers; w++)
        if (p->clock[w] < *first) first = &p->clock[w];
    return first;
}

// To whoever is free. What lies long before the end is shared equally, whatever its chunks were.
static void deal_to_free(play *p)
{
    size_t chunks = p->deal.chunks, early = chunks > DEALT ? chunks - DEALT : 0;
    double share = early ? fair_share(p, gr_deal_lo(&p->deal, early), early) : 0;
    for (int w = 0; w < p->costs->workers; w++) p->clock[w] = share;
    for (size_t k = early; k < chunks; k++) *first_free(p) += chunk_at(p, k);
}

// Chunk k to worker k modulo workers: cards, or one block each.
static void deal_in_turn(play *p)
{
    for (int w = 0; w < p->costs->workers; w++) p->clock[w] = 0;
    for (size_t k = 0; k < p->deal.chunks; k++)
        p->clock[k % (size_t)p->costs->workers] += chunk_at(p, k);
}

// Of very many cards each worker has a fair share, give or take what chance does to a sum.
static void deal_many(play *p)
{
    double share = fair_share(p, p->load->n, p->deal.chunks);
    double tasks = (double)p->load->n / p->costs->workers;
    double chance = p->load->in_order ? 0 : stretched(p, sqrt(tasks) * p->deviation);
    for (int w = 0; w < p->costs->workers; w++)
        p->clock[w] = share + (chance > 0 ? chance * gr_rng_normal(&p->rng) : 0);
}

// When the last worker is done.
static double makespan(play *p)
{
    double last = 0;
    if (p->deal.strategy == GR_POOL || p->deal.strategy == GR_GUIDED)
        deal_to_free(p);
    else if (p->deal.chunks <= DEALT)
        deal_in_turn(p);
    else
        deal_many(p);
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

static double mean_makespan(play *p)
{
    double sum = 0;
    size_t rounds = rounds_of(p);
    for (size_t r = 0; r < rounds; r++) {
        p->rng = gr_rng_of(1, r);
        for (size_t i = 0; p->order && i < p->load->n; i++) p->order[i] = i;
        if (p->order) gr_shuffle(&p->rng, p->load->n, p->order);
        sum += makespan(p);
    }
    return sum / (double)rounds;
}

static void end_play(play *p)
{
    free(p->clock);
    free(p->order);
    free(p->words);
}

static gr_status start_play(play *p, gr_strategy strategy, size_t chunk)
{
    size_t n = p->load->n;
    int workers = p->costs->workers;
    bool shuffled = !p->load->in_order && n <= DEALT;
    if (!chunk) chunk = strategy == GR_GUIDED ? 1 : gr_chunk(n, workers);
    size_t chunks = gr_deal_chunks(strategy, n, chunk, workers);
    p->words = calloc(1, gr_deal_bytes(strategy, chunks));
    p->clock = malloc((size_t)workers * sizeof *p->clock);
    p->order = shuffled ? malloc(n * sizeof *p->order) : NULL;
    if (p->words && p->clock && (p->order || !shuffled)) {
        gr_deal_make(&p->deal, strategy, n, chunk, workers, p->words);
        return GR_OK;
    }
    end_play(p);
    return gr_fail(GR_ENOMEM, "a forecast of %zu tasks: out of memory", n);
}

gr_status gr_map_predict(const gr_map_costs *costs, const gr_map_load *load, gr_strategy strategy,
                         size_t chunk, bool cold, gr_map_forecast *forecast)
{
    *forecast = (gr_map_forecast){.seconds = costs->job + (cold ? costs->start : 0)};
    if (costs->workers < 1 || costs->workers > GR_DEAL_PLACES)
        return gr_fail(GR_EARG, "%d workers: expected 1 to %d", costs->workers, GR_DEAL_PLACES);
    if (load->n == 0) return GR_OK;
    if (load->lengths == 0) return gr_fail(GR_EARG, "a forecast without the length of any task");
    play p = {.costs = costs, .load = load};
    GR_TRY(describe(&p));
    GR_TRY(start_play(&p, strategy, chunk));
    forecast->seconds += mean_makespan(&p) + (double)load->n * load->bytes * costs->byte;
    forecast->work = (double)load->n * p.mean;
    forecast->ideal = fmax(forecast->work / costs->workers, p.longest);
    end_play(&p);
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

// SPDX-License-Identifier: BSD-3-Clause
// The simulated machines of lesson 02, and three ladders that measure on them: `resolution`,
// `batch`, `interleave`. Rung 0 looks into the machine; the other rung finds the same by measuring.
#include "lessons/02_timing/timing.h"
#include "lib/rng.h"
#include "lib/stats.h"
#include <math.h>
#include <stdlib.h>

// ---- a simulated machine ----

struct timing_machine {
    int64_t tick, read;  // ns: the clock's step, and what one reading takes
    int64_t cost[2];     // ns of one call of each function at speed 1
    int64_t pause;       // ns of an interruption
    size_t calm;         // there are calm .. 2 calm - 1 readings from one interruption to the next
    double drift;        // calls take 1 - drift .. 1 + drift of their cost
    int64_t period, age; // ns: of the drift, and how far into it the machine starts
    gr_rng rng;

    int64_t time;     // ns since it was started
    size_t readings;  // left until the next interruption
    bool called;      // the first call is behind it
    gr_rng rng_start; // to start it again
};

static void start(timing_machine *m)
{
    m->rng = m->rng_start;
    m->time = 0;
    m->called = false;
    m->readings = m->calm + gr_rng_below(&m->rng, m->calm);
}

int64_t timing_now(timing_machine *m)
{
    int64_t shown = m->time / m->tick * m->tick;
    if (m->time == 0) m->time += m->pause; // the first reading is slow: its code is not in cache
    m->time += m->read;
    if (--m->readings == 0) {
        m->time += m->pause;
        m->readings = m->calm + gr_rng_below(&m->rng, m->calm);
    }
    return shown;
}

// How much longer than at speed 1 a call takes now: a triangle wave of the time.
static double slowness(const timing_machine *m)
{
    double phase = (double)((m->time + m->age) % m->period) / (double)m->period; // 0 .. 1
    double wave = phase < 0.25 ? 4 * phase : phase < 0.75 ? 2 - 4 * phase : 4 * phase - 4;
    return 1 + m->drift * wave;
}

void timing_call(timing_machine *m, int function, size_t k)
{
    int64_t cost = m->cost[function];
    if (!m->called) m->time += 20 * cost; // the first call is slow, too
    m->called = true;
    m->time += llround((double)cost * (double)k * slowness(m));
}

// The smallest step that two readings in a row can show.
static int64_t smallest_step(const timing_machine *m)
{
    return m->read < m->tick ? m->tick : m->read / m->tick * m->tick;
}

// The smallest power of two whose batch is 1000 resolutions long.
static int64_t smallest_batch(const timing_machine *m)
{
    int64_t k = 1;
    while (k * m->cost[0] < 1000 * smallest_step(m)) k *= 2;
    return k;
}

// ---- three kinds of machine ----

// For `resolution`: ticks from 1 ns to 10 us.
static void make_clock(timing_machine *m, gr_rng *rng)
{
    static const int64_t ticks[] = {1, 10, 42, 100, 1000, 10000};
    *m = (timing_machine){.tick = ticks[gr_rng_below(rng, 6)],
                          .read = 15 + (int64_t)gr_rng_below(rng, 46),
                          .cost = {1, 1},
                          .pause = 50000,
                          .calm = 1000,
                          .period = 1};
}

// For `batch`: one function of 1 ns to 1 ms, never so long that a batch ends close to the limit,
// and interruptions that alone are longer than a batch, but do not come twice in a row.
static void make_function(timing_machine *m, gr_rng *rng)
{
    int64_t limit, k;
    do {
        make_clock(m, rng);
        m->cost[0] = llround(exp2(20 * gr_rng_unit(rng)));
        limit = 1000 * smallest_step(m);
        k = smallest_batch(m);
    } while (m->tick == 10000 || 100 * k * m->cost[0] < 105 * limit ||
             (k > 1 && 100 * (k / 2 * m->cost[0] + 2 * m->read) > 95 * limit));
    m->pause = 3 * limit;
    m->calm = 4;
}

// For `interleave`: two functions of about 0.1 ms that differ by up to 25 %, or not at all; speed
// that drifts by 15 to 25 % each way; interruptions ten times as long as a call.
static void make_rivals(timing_machine *m, gr_rng *rng)
{
    make_clock(m, rng);
    m->tick = 1 + (int64_t)gr_rng_below(rng, 100);
    int64_t cost = 80000 + (int64_t)gr_rng_below(rng, 40000);
    double ratio = gr_rng_below(rng, 4) ? 0.8 + 0.45 * gr_rng_unit(rng) : 1;
    m->cost[0] = llround((double)cost * ratio);
    m->cost[1] = cost;
    m->pause = 10 * cost;
    m->calm = 12;
    m->drift = 0.15 + 0.1 * gr_rng_unit(rng);
    m->period = 600 * cost;
    m->age = (int64_t)gr_rng_below(rng, 30) * cost;
    if (gr_rng_below(rng, 2)) m->age += m->period / 2; // getting faster at first, not slower
}

// ---- the laboratory ----

static void teardown(void *problem)
{
    timing_lab *lab = problem;
    if (!lab) return;
    if (lab->machine) free(lab->machine[0]); // one block holds them all
    free(lab->machine);
    free(lab->resolution);
    free(lab->batch);
    free(lab->ratio);
    free(lab);
}

static timing_lab *new_lab(size_t n)
{
    timing_lab *lab = calloc(1, sizeof *lab);
    if (!lab) return NULL;
    size_t some = n ? n : 1;
    *lab = (timing_lab){.n = n,
                        .machine = calloc(some, sizeof *lab->machine),
                        .resolution = calloc(some, sizeof *lab->resolution),
                        .batch = calloc(some, sizeof *lab->batch),
                        .ratio = calloc(some, sizeof *lab->ratio)};
    if (lab->machine) lab->machine[0] = calloc(some, sizeof **lab->machine);
    if (lab->machine && lab->machine[0] && lab->resolution && lab->batch && lab->ratio) return lab;
    teardown(lab);
    return NULL;
}

static gr_status make_lab(void **problem, size_t n, uint64_t seed,
                          void make(timing_machine *, gr_rng *))
{
    *problem = NULL;
    if (n > 1000000) return gr_fail(GR_EARG, "%zu machines: expected at most 1000000", n);
    timing_lab *lab = new_lab(n);
    if (!lab) return gr_fail(GR_ENOMEM, "%zu machines: out of memory", n);
    for (size_t i = 0; i < n; i++) {
        gr_rng rng = gr_rng_of(seed, n << 32 | i);
        timing_machine *m = lab->machine[i] = lab->machine[0] + i;
        make(m, &rng);
        m->rng_start = rng;
        start(m);
        lab->resolution[i] = smallest_step(m);
    }
    *problem = lab;
    return GR_OK;
}

static void reset(void *problem)
{
    timing_lab *lab = problem;
    for (size_t i = 0; i < lab->n; i++) start(lab->machine[i]);
}

static double machines(const void *problem) { return (double)((const timing_lab *)problem)->n; }

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

// ---- resolution ----

static gr_status known_resolution(void *problem, int workers)
{
    timing_lab *lab = problem;
    (void)workers;
    for (size_t i = 0; i < lab->n; i++) lab->resolution[i] = smallest_step(lab->machine[i]);
    return GR_OK;
}

static gr_status smallest_of_many(void *problem, int workers)
{
    timing_lab *lab = problem;
    (void)workers;
    for (size_t i = 0; i < lab->n; i++) {
        int64_t before = timing_now(lab->machine[i]), smallest = INT64_MAX;
        for (int steps = 0; steps < 100;) {
            int64_t after = timing_now(lab->machine[i]), step = after - before;
            steps += step > 0;
            if (step > 0 && step < smallest) smallest = step;
            before = after;
        }
        lab->resolution[i] = smallest;
    }
    return GR_OK;
}

static gr_status setup_resolution(void **problem, gr_size size, uint64_t seed)
{
    return make_lab(problem, size.n, seed, make_clock);
}

static int resolution_outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    timing_lab *lab = problem;
    out[0] = (gr_output){"resolution", gr_array_of(lab->resolution, GR_I64, 1, &lab->n), true};
    return 1;
}

static const gr_rung resolution_rungs[] = {
    {.name = "known", .idea = "look into the simulated machine", .run = known_resolution},
    {.name = "smallest",
     .idea = "read the clock again and again; keep the smallest step that is not 0",
     .run = smallest_of_many},
    {0},
};

const gr_ladder gr_ladder_resolution = {
    .name = "resolution",
    .title = "How fine is this clock?",
    .lesson = "02_timing",
    .n_name = "simulated clocks",
    .sizes = no_sizes,
    .rungs = resolution_rungs,
    .setup = setup_resolution,
    .reset = reset,
    .teardown = teardown,
    .outputs = resolution_outputs,
    .unit = "clock",
    .work = machines,
};

// ---- batch ----

static gr_status known_batch(void *problem, int workers)
{
    timing_lab *lab = problem;
    (void)workers;
    for (size_t i = 0; i < lab->n; i++) lab->batch[i] = smallest_batch(lab->machine[i]);
    return GR_OK;
}

static int64_t time_calls(timing_machine *m, int function, size_t k)
{
    int64_t before = timing_now(m);
    timing_call(m, function, k);
    return timing_now(m) - before;
}

static gr_status doubled_and_confirmed(void *problem, int workers)
{
    timing_lab *lab = problem;
    (void)workers;
    for (size_t i = 0; i < lab->n; i++) {
        int64_t k = 1, limit = 1000 * lab->resolution[i];
        timing_machine *m = lab->machine[i];
        while (time_calls(m, 0, (size_t)k) < limit || time_calls(m, 0, (size_t)k) < limit) k *= 2;
        lab->batch[i] = k;
    }
    return GR_OK;
}

static gr_status setup_batch(void **problem, gr_size size, uint64_t seed)
{
    return make_lab(problem, size.n, seed, make_function);
}

static int batch_outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    timing_lab *lab = problem;
    out[0] = (gr_output){"batch", gr_array_of(lab->batch, GR_I64, 1, &lab->n), true};
    return 1;
}

static const gr_rung batch_rungs[] = {
    {.name = "known", .idea = "look into the simulated machine", .run = known_batch},
    {.name = "twice",
     .idea = "double the calls until a batch is long enough, and is so again",
     .run = doubled_and_confirmed},
    {0},
};

const gr_ladder gr_ladder_batch = {
    .name = "batch",
    .title = "How many calls make one sample?",
    .lesson = "02_timing",
    .n_name = "simulated machines",
    .sizes = no_sizes,
    .rungs = batch_rungs,
    .setup = setup_batch,
    .reset = reset,
    .teardown = teardown,
    .outputs = batch_outputs,
    .unit = "machine",
    .work = machines,
};

// ---- interleave ----

static gr_status known_ratio(void *problem, int workers)
{
    timing_lab *lab = problem;
    (void)workers;
    for (size_t i = 0; i < lab->n; i++) {
        const int64_t *cost = lab->machine[i]->cost;
        lab->ratio[i] = (double)cost[0] / (double)cost[1];
    }
    return GR_OK;
}

static gr_status pair_by_pair(void *problem, int workers)
{
    enum { PAIRS = 24 };
    timing_lab *lab = problem;
    (void)workers;
    for (size_t i = 0; i < lab->n; i++) {
        double a[PAIRS], b[PAIRS];
        for (int k = 0; k < PAIRS; k++) {
            a[k] = (double)time_calls(lab->machine[i], 0, 1);
            b[k] = (double)time_calls(lab->machine[i], 1, 1);
        }
        lab->ratio[i] = gr_ratio_interval(a, b, PAIRS, 0.95).mid;
    }
    return GR_OK;
}

static gr_status setup_interleave(void **problem, gr_size size, uint64_t seed)
{
    return make_lab(problem, size.n, seed, make_rivals);
}

static int ratio_outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    timing_lab *lab = problem;
    out[0] = (gr_output){"ratio", gr_array_of(lab->ratio, GR_F64, 1, &lab->n), false};
    return 1;
}

static const gr_rung interleave_rungs[] = {
    {.name = "known", .idea = "look into the simulated machine", .run = known_ratio},
    {.name = "pairs",
     .idea = "one of each in turn, the median of the ratios: both see the same weather",
     .run = pair_by_pair,
     .tolerance = 0.01},
    {0},
};

const gr_ladder gr_ladder_interleave = {
    .name = "interleave",
    .title = "Which of two functions is faster, while the machine drifts?",
    .lesson = "02_timing",
    .n_name = "simulated machines",
    .sizes = no_sizes,
    .rungs = interleave_rungs,
    .setup = setup_interleave,
    .reset = reset,
    .teardown = teardown,
    .outputs = ratio_outputs,
    .unit = "machine",
    .work = machines,
};

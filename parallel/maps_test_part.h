// SPDX-License-Identifier: BSD-3-Clause
// maps_test_part -- jobs whose every result is known, and what is expected of them: what the tests
// of maps share, on this machine's workers and on MPI ranks. Header only, for tests.
#pragma once
#include "lib/map.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { MOST = 1000 };
static const size_t sizes[] = {0, 1, 2, 5, 100, 1000};
static const char context[] = "context";

// ---- functions ----

// A number that depends on all that a task is given; every seventh record is refused.
static gr_status mix(gr_call *call)
{
    uint64_t x;
    memcpy(&x, call->in, sizeof x);
    if (call->context_size != sizeof context || memcmp(call->context, context, sizeof context))
        return gr_fail(GR_EARG, "the context was lost");
    uint64_t y = x * x + call->index + gr_rng_u64(&call->rng);
    memcpy(call->out, &y, sizeof y);
    return x % 7 == 3 ? gr_fail(GR_EDATA, "refused %llu", (unsigned long long)x) : GR_OK;
}

static const gr_func mix_func = {.name = "mix", .call = mix, .in_size = 8, .out_size = 8};

// The record, repeated index % 4 times; every fifth task fails after it has replied something.
static gr_status repeat(gr_call *call)
{
    for (size_t i = 0; i < call->index % 4; i++) GR_TRY(gr_reply(call, call->in, call->in_size));
    return call->index % 5 == 4 ? gr_fail(GR_EDATA, "no fives") : GR_OK;
}

static const gr_func repeat_func = {.name = "repeat", .call = repeat};

// ---- jobs and what is expected of them ----

static uint64_t in[MOST], out[MOST], truth[MOST];
static gr_outcome outcomes[MOST];

static gr_job mix_job(size_t n)
{
    for (size_t i = 0; i < n; i++) in[i] = 3 * i + 1, out[i] = UINT64_MAX;
    memset(outcomes, 0xff, sizeof outcomes);
    for (size_t i = 0; i < n; i++) {
        gr_rng rng = gr_rng_of(42, i);
        truth[i] = in[i] % 7 == 3 ? 0 : in[i] * in[i] + i + gr_rng_u64(&rng);
    }
    return (gr_job){.func = &mix_func,
                    .n = n,
                    .in = in,
                    .out = out,
                    .context = context,
                    .context_size = sizeof context,
                    .seed = 42,
                    .outcomes = outcomes};
}

static void expect_mixed(const char *spec, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool refused = in[i] % 7 == 3;
        if (out[i] != truth[i]) fail_msg("%s, %zu tasks: result %zu is wrong", spec, n, i);
        if (outcomes[i].status != (refused ? GR_EDATA : GR_OK) || outcomes[i].attempts != 1)
            fail_msg("%s, %zu tasks: outcome %zu is wrong: %s", spec, n, i, outcomes[i].text);
        if (refused && strncmp(outcomes[i].text, "refused ", 8))
            fail_msg("%s: task %zu failed with '%s'", spec, i, outcomes[i].text);
    }
}

static void expect_worked(gr_map *map, const char *spec, size_t n)
{
    gr_worker workers[8];
    size_t tasks = 0;
    int there = gr_map_workers(map, workers, 8);
    for (int i = 0; i < there; i++) {
        tasks += workers[i].tasks;
        assert_true(workers[i].busy >= 0 && workers[i].idle > -1e-3);
        assert_int_equal(workers[i].lost, 0);
    }
    if (tasks != n) fail_msg("%s: workers did %zu of %zu tasks", spec, tasks, n);
}

static void run_mixed(gr_map *map, const char *spec, size_t n)
{
    gr_job job = mix_job(n);
    gr_status status = gr_map_run(map, &job);
    if (status != (n > 3 ? GR_EDATA : GR_OK)) fail_msg("%s: %s", spec, gr_errmsg());
    if (status) assert_string_equal(gr_errmsg(), "task 3: refused 10");
    expect_mixed(spec, n);
    expect_worked(map, spec, n);
}

// The same with everything in the map's memory.
static void run_in_place(gr_map *map, const char *spec, size_t n)
{
    gr_job job = mix_job(n);
    job.in = gr_map_memory(map, sizeof in), job.out = gr_map_memory(map, sizeof out);
    assert_true(job.in && job.out);
    memcpy((void *)(uintptr_t)job.in, in, sizeof in);
    gr_map_run(map, &job);
    memcpy(out, job.out, sizeof out);
    expect_mixed(spec, n);
    gr_map_release(map, (void *)(uintptr_t)job.in);
    gr_map_release(map, job.out);
}

static void run_replies(gr_map *map, const char *spec, size_t n)
{
    static char letters[MOST + 10];
    static gr_bytes records[MOST], replies[MOST];
    memset(letters, 'x', sizeof letters);
    for (size_t i = 0; i < n; i++)
        records[i] = (gr_bytes){letters + i, i % 10}, letters[i] = (char)('a' + i % 26);
    gr_job job = {.func = &repeat_func, .n = n, .in = records, .out = replies};
    assert_int_equal(gr_map_run(map, &job), n > 4 ? GR_EDATA : GR_OK);
    for (size_t i = 0; i < n; i++) {
        size_t times = i % 5 == 4 ? 0 : i % 4, size = records[i].size;
        if (replies[i].size != times * size) fail_msg("%s: reply %zu has the wrong size", spec, i);
        for (size_t t = 0; t < times; t++)
            if (size && memcmp((char *)replies[i].data + t * size, records[i].data, size))
                fail_msg("%s: reply %zu is wrong", spec, i);
        free(replies[i].data);
    }
}

// GRADUS_FEW=1, for Valgrind, tries a tenth of it; GRADUS_SLOW=1 more than fits every day.
static bool few(void) { return getenv("GRADUS_FEW"); }

// ---- tasks that take a while ----

static gr_status doze(gr_call *call)
{
    nanosleep(&(struct timespec){.tv_nsec = call->index % 2 ? 100000 : 1000000}, NULL);
    memcpy(call->out, &call->index, sizeof call->index);
    return GR_OK;
}

static const gr_func doze_func = {.name = "doze", .call = doze, .out_size = sizeof(size_t)};

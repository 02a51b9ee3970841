// SPDX-License-Identifier: BSD-3-Clause
// How far a time can be trusted here: what the clock resolves, and how much others disturb.
//
// The noise index: the same integer work of about a millisecond, many times; the distance between
// the quartiles of its times over their median. Below 2 % the machine is quiet, below 5 % ok.
#include "bench/machine_part.h"
#include "lib/proc.h"
#include "lib/stats.h"
#include "lib/timer.h"
#include <math.h>
#include <stdint.h>
#include <string.h>

gr_status gr_machine_clock(const gr_machine_plan *plan, json_t *card)
{
    (void)plan;
    char source[64];
    static const char *const good[] = {"tsc", "arch_sys_counter", "kvm-clock"};
    if (!gr_proc_read("/sys/devices/system/clocksource/clocksource0/current_clocksource", source,
                      sizeof source))
        strcpy(source, "unknown");
    int known = 0;
    for (size_t k = 0; k < sizeof good / sizeof *good; k++) known |= !strcmp(source, good[k]);
    if (!known)
        gr_machine_warn(card, "clock source %s: reading the time may be slow or coarse", source);
    gr_clock clock = gr_clock_measure();
    json_t *timer = gr_machine_group(card, "timer");
    GR_TRY(gr_machine_put_real(timer, "resolution_ns", 1e9 * clock.resolution));
    GR_TRY(gr_machine_put_real(timer, "overhead_ns", 1e9 * clock.overhead));
    return gr_machine_put(timer, "source", json_string(source));
}

// A chain of multiplications and additions that no compiler shortens; returns the time it takes.
static double spin(long n)
{
    static volatile uint64_t sink = 1;
    uint64_t x = sink;
    double start = gr_now();
    for (long i = 0; i < n; i++) x = (x ^ x >> 29) * 6364136223846793005u + 1442695040888963407u;
    sink = x;
    return gr_now() - start;
}

// Rounds that take about a millisecond when nobody disturbs.
static long rounds(void)
{
    enum { PROBE = 50000 };
    double least = INFINITY;
    for (int k = 0; k < 10; k++) least = fmin(least, spin(PROBE));
    return least > 0 ? (long)fmin(1e-3 / least * PROBE, 1e8) : PROBE;
}

gr_status gr_machine_noise(const gr_machine_plan *plan, json_t *card)
{
    enum { MOST = 300 };
    double seconds[MOST];
    size_t n = plan->quick ? 100 : MOST;
    long work = rounds();
    for (size_t k = 0; k < n; k++) seconds[k] = spin(work);
    double median = gr_median(seconds, n);
    double index = (gr_quantile(seconds, n, 0.75) - gr_quantile(seconds, n, 0.25)) / median;
    json_t *noise = gr_machine_group(card, "noise");
    GR_TRY(gr_machine_put_real(noise, "index", index));
    const char *word = index < 0.02 ? "quiet" : index < 0.05 ? "ok" : "noisy";
    return gr_machine_put(noise, "word", json_string(word));
}

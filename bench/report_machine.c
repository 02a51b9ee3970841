// SPDX-License-Identifier: BSD-3-Clause
// report_machine -- the machine card: what the run measured of the machine itself.
#include "bench/report_parts.h"
#include <math.h>
#include <string.h>

static const json_t *member(const gr_report_run *run, const char *key)
{
    return json_object_get(run->machine, key);
}

static void put(gr_page *page, const char *what, gr_text value, const char *small)
{
    gr_page_fact(page, what, value.s, small);
}

// "20.1 GB/s on 1 core" of {"1": 20.1, "2": 28.0}, a row for each.
static void put_triad(gr_page *page, const gr_report_run *run)
{
    json_t *triad = json_object_get(run->machine, "triad_GBs"), *value;
    const json_t *counted = member(run, "triad_counted_GBs");
    const char *cores;
    json_object_foreach(triad, cores, value)
    {
        double with = gr_json_number(counted, cores);
        gr_text what = gr_words("Memory bandwidth (triad), %.20s core%s", cores,
                                strcmp(cores, "1") != 0 ? "s" : "");
        gr_text small = gr_words("%s GB/s with the lines counted that a store reads first",
                                 gr_words_number(with).s);
        if (json_is_number(value))
            put(page, what.s, gr_words("%s GB/s", gr_words_number(json_number_value(value)).s),
                isfinite(with) ? small.s : NULL);
    }
}

// A row for each number of a member object: "Bandwidth of L1: 150 GB/s".
static void put_each(gr_page *page, const gr_report_run *run, const char *key, const char *what,
                     const char *unit)
{
    json_t *object = json_object_get(run->machine, key), *value;
    const char *name;
    json_object_foreach(object, name, value)
    {
        char plain[32];
        snprintf(plain, sizeof plain, "%s", name);
        char *cores = strchr(plain, '_');
        if (cores) *cores++ = '\0';
        gr_text title = gr_words("%.40s%.20s", what, plain);
        if (cores)
            title = gr_words("%.40s%.20s, %.12s core%s", what, plain, cores,
                             strcmp(cores, "1") != 0 ? "s" : "");
        if (json_is_number(value))
            put(page, title.s, gr_words("%s %s", gr_words_number(json_number_value(value)).s, unit),
                NULL);
    }
}

static void put_caches(gr_page *page, const gr_report_run *run)
{
    const json_t *cache;
    size_t i;
    json_array_foreach(member(run, "caches"), i, cache)
    {
        double level = gr_json_number(cache, "level"), sharers = gr_json_number(cache, "shared_by");
        gr_text what = gr_words("Cache L%s", gr_words_count(level).s);
        gr_text small = gr_words("shared by %s cores", gr_words_count(sharers).s);
        put(page, what.s, gr_words_bytes(gr_json_number(cache, "bytes")),
            sharers > 1 ? small.s : NULL);
    }
}

// The load latency at the ends of the staircase; the plot shows what is between.
static void put_latency(gr_page *page, const gr_report_run *run)
{
    const json_t *steps = member(run, "latency_ns");
    size_t n = json_array_size(steps);
    if (!n) return;
    const json_t *first = json_array_get(steps, 0), *last = json_array_get(steps, n - 1);
    put(page, "Time of one load",
        gr_words("%s ns to %s ns", gr_words_number(gr_json_number(first, "ns")).s,
                 gr_words_number(gr_json_number(last, "ns")).s),
        gr_words("from %s to %s of memory", gr_words_bytes(gr_json_number(first, "bytes")).s,
                 gr_words_bytes(gr_json_number(last, "bytes")).s)
            .s);
}

static void put_times(gr_page *page, const gr_report_run *run)
{
    static const struct {
        const char *key, *tail, *what;
    } times[] = {
        {"fork_us", "fork_p99_us", "Start and end of a process (fork)"},
        {"thread_us", "thread_p99_us", "Start and end of a thread"},
        {"pipe_us", "pipe_p99_us", "There and back through a pipe"},
    };
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        double time = gr_json_number(run->machine, times[i].key);
        double tail = gr_json_number(run->machine, times[i].tail);
        gr_text small = gr_words("1 in 100 takes longer than %s", gr_words_seconds(tail * 1e-6).s);
        if (isfinite(time))
            put(page, times[i].what, gr_words_seconds(time * 1e-6),
                isfinite(tail) ? small.s : NULL);
    }
    const json_t *timer = member(run, "timer");
    if (json_is_object(timer))
        put(page, "Resolution of the clock",
            gr_words_seconds(gr_json_number(timer, "resolution_ns") * 1e-9),
            gr_words("reading it takes %s; source %.30s",
                     gr_words_seconds(gr_json_number(timer, "overhead_ns") * 1e-9).s,
                     gr_json_text(timer, "source"))
                .s);
}

void gr_part_machine(gr_page *page, const gr_report *report)
{
    const gr_report_run *run = &report->run;
    const char *cpu = gr_json_text(run->machine, "cpu");
    const char *simd = gr_json_text(run->machine, "simd");
    gr_page_say(page, GR_PARAGRAPH,
                "Measured in this run. Limits are the best of several tries, "
                "times are medians.");
    put(page, "Processor", gr_words("%.80s", *cpu ? cpu : "unknown"), NULL);
    put(page, "Cores used",
        gr_words("%s of %s", gr_words_count(gr_json_number(run->machine, "cores")).s,
                 gr_words_count(gr_json_number(run->machine, "cores_in_machine")).s),
        NULL);
    put(page, "Vector instructions", gr_words("%.60s", *simd ? simd : "unknown"), NULL);
    put(page, "Memory", gr_words_bytes(gr_json_number(run->machine, "memory_bytes")), NULL);
    put_caches(page, run);
    put_triad(page, run);
    put_each(page, run, "cache_GBs", "Bandwidth of ", "GB/s");
    put_each(page, run, "flops_GFs", "Arithmetic: ", "Gflop/s");
    put_latency(page, run);
    put_times(page, run);
    gr_part_plots(page, report, GR_PLOT_LATENCY, NULL);
}

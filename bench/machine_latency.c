// SPDX-License-Identifier: BSD-3-Clause
// Load latency: a chain of pointers through a working set, each load waiting for the one before.
//
// One pointer to a 64-byte line; the chain is a single random cycle through all lines, so that no
// prefetcher can guess the next and no line comes again before all others. ns: median of the
// repeats; a repeat goes on where the last one stopped. Where the working set is larger than a
// page table's reach, missing translations are part of the latency: huge pages are asked for.
#include "bench/machine_part.h"
#include "lib/proc.h"
#include "lib/rng.h"
#include "lib/stats.h"
#include "lib/timer.h"
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 64, LOADS = 1 << 17, MAX_REPEATS = 16 };

typedef struct line {
    _Alignas(LINE) struct line *next;
} line;

// Links all lines into one cycle in random order. order: room for `count` indices.
static void link_cycle(line *lines, uint32_t *order, size_t count, gr_rng *rng)
{
    for (size_t i = 0; i < count; i++) order[i] = (uint32_t)i;
    for (size_t i = count; i > 1; i--) {
        size_t j = gr_rng_below(rng, i);
        uint32_t last = order[i - 1];
        order[i - 1] = order[j];
        order[j] = last;
    }
    for (size_t i = 0; i < count; i++)
        lines[order[i]].next = &lines[order[i + 1 < count ? i + 1 : 0]];
}

// Follows `loads` pointers, a multiple of 8, from `at`.
__attribute__((noinline)) static const line *chase(const line *at, size_t loads)
{
    for (size_t i = 0; i < loads; i += 8) at = at->next->next->next->next->next->next->next->next;
    return at;
}

static double latency(const line *lines, size_t count, size_t warm_up, int repeats)
{
    double seconds[MAX_REPEATS];
    const line *volatile at = chase(lines, count < warm_up ? count : warm_up);
    for (int k = 0; k < repeats; k++) {
        double start = gr_now();
        at = chase(at, LOADS);
        seconds[k] = gr_now() - start;
    }
    return gr_median(seconds, (size_t)repeats) / LOADS;
}

static gr_status put_point(json_t *points, size_t bytes, double seconds)
{
    json_t *point = json_object();
    if (!point || json_array_append_new(points, point))
        return gr_fail(GR_ENOMEM, "latency: out of memory");
    GR_TRY(gr_machine_put(point, "bytes", json_integer((json_int_t)bytes)));
    return gr_machine_put_real(point, "ns", 1e9 * seconds);
}

// Working sets from 4 KiB up to `largest`, `per_octave` to each doubling.
static gr_status put_points(line *lines, uint32_t *order, size_t largest, size_t warm_up,
                            const gr_machine_plan *plan, json_t *points)
{
    const int per_octave = plan->quick ? 1 : 2, repeats = plan->quick ? 3 : 7;
    gr_rng rng = gr_rng_of(1, 0);
    for (int k = 0;; k++) {
        size_t bytes = (size_t)(4096 * exp2((double)k / per_octave)) / LINE * LINE;
        if (bytes > largest) return GR_OK;
        link_cycle(lines, order, bytes / LINE, &rng);
        GR_TRY(put_point(points, bytes, latency(lines, bytes / LINE, warm_up, repeats)));
    }
}

// The system's setting, from "always [madvise] never".
static gr_status put_huge_pages(json_t *card)
{
    char text[128], *word = "unknown";
    gr_proc_read("/sys/kernel/mm/transparent_hugepage/enabled", text, sizeof text);
    char *open = strchr(text, '['), *close = strchr(text, ']');
    if (open && close > open) *close = '\0', word = open + 1;
    if (!strcmp(word, "never"))
        gr_machine_warn(card, "huge pages are switched off: latencies include translation misses");
    return gr_machine_put(card, "huge_pages", json_string(word));
}

// The latency of the first point of at least `bytes`; NAN if there is none.
static double latency_at(const json_t *points, double bytes)
{
    size_t k;
    json_t *point;
    json_array_foreach(points, k, point)
    {
        if (json_number_value(json_object_get(point, "bytes")) >= bytes)
            return json_number_value(json_object_get(point, "ns"));
    }
    return NAN;
}

// In a virtual machine the last cache is often shared with others, or only a part of it is ours.
static void warn_of_lost_cache(const gr_machine_plan *plan, size_t largest, json_t *card)
{
    const json_t *points = json_object_get(card, "latency_ns");
    double half = latency_at(points, 0.5 * (double)plan->last_one);
    double memory = latency_at(points, 0.7 * (double)largest);
    if (plan->cpu.caches && largest >= 2 * plan->last_one && half > 0.7 * memory)
        gr_machine_warn(card,
                        "half of the last cache is as slow as memory (%.3g and %.3g ns): it may be "
                        "shared with others, or smaller than it says",
                        half, memory);
}

gr_status gr_machine_latency(const gr_machine_plan *plan, json_t *card)
{
    GR_TRY(put_huge_pages(card));
    size_t largest = (plan->quick ? 2 : 4) * plan->last_one, room = plan->memory / 2;
    if (largest > room) {
        gr_machine_warn(card, "latency: only up to %zu MiB, of %zu", room >> 20, largest >> 20);
        largest = room;
    }
    json_t *points = json_array();
    GR_TRY(gr_machine_put(card, "latency_ns", points));
    void *lines = NULL;
    uint32_t *order = malloc(largest / LINE * sizeof *order);
    gr_status status =
        order ? gr_machine_block(largest, &lines) : gr_fail(GR_ENOMEM, "latency: out of memory");
    // One warm-up round fills the caches; a set that they cannot hold needs none.
    size_t warm_up = plan->last_one / LINE + 8;
    if (!status) status = put_points(lines, order, largest, warm_up / 8 * 8, plan, points);
    if (!status) warn_of_lost_cache(plan, largest, card);
    free(lines);
    free(order);
    return status;
}

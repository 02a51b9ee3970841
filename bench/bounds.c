// SPDX-License-Identifier: BSD-3-Clause
#include "bench/series.h"
#include <math.h>
#include <stdio.h>

// ---- limits
// --------------------------------------------------------------------------------------

static double machine_rate(const gr_analysis *a, const char *group, const char *name)
{
    return 1e9 * gr_json_number(json_object_get(a->machine, group), name);
}

static double cache_bytes(const gr_analysis *a, int level)
{
    size_t i;
    json_t *cache;
    json_array_foreach(json_object_get(a->machine, "caches"), i,
                       cache) if (gr_json_integer(cache, "level") ==
                                  level) return gr_json_number(cache, "bytes");
    return 0;
}

// The memory that the problem lives in, and its bandwidth for p workers. Cache rates are measured
// on one core and taken p times.
static gr_bound bytes_bound(const gr_analysis *a, const gr_series *s)
{
    double footprint = gr_json_number(s->task, "footprint"), p = gr_json_integer(s->task, "procs");
    static const char *const names[] = {"", "L1", "L2", "L3"};
    double bytes = s->work * gr_json_number(s->task, "bytes");
    for (int level = 1; level <= 3; level++)
        if (footprint <= cache_bytes(a, level) * (level < 3 ? p : 1))
            return (gr_bound){names[level],
                              bytes / (p * machine_rate(a, "cache_GBs", names[level])), false};
    char procs[16];
    snprintf(procs, sizeof procs, "%d", (int)p);
    bool far_outside = footprint > 4 * cache_bytes(a, 3);
    return (gr_bound){"triad", bytes / machine_rate(a, "triad_counted_GBs", procs), far_outside};
}

// The fastest arithmetic that was measured. (fmax passes over what is not in an older record.)
static gr_bound flops_bound(const gr_analysis *a, const gr_series *s)
{
    char fused[24], beside[24];
    int procs = gr_json_integer(s->task, "procs");
    snprintf(fused, sizeof fused, "fma_%d", procs);
    snprintf(beside, sizeof beside, "fmaadd_%d", procs);
    double rate = fmax(machine_rate(a, "flops_GFs", fused), machine_rate(a, "flops_GFs", beside));
    return (gr_bound){"fma", s->work * gr_json_number(s->task, "flops") / rate, true};
}

// The ladder's own limit, if it was measured: the same arithmetic with nothing else in the way.
static gr_bound own_bound(const gr_analysis *a, const gr_series *s)
{
    for (size_t i = 0; i < a->n; i++) {
        const gr_series *c = &a->series[i];
        if (gr_json_integer(c->task, "index") >= 0 || !gr_series_same_problem(c, s) || !c->launches)
            continue;
        double rate = c->work / c->seconds.mid * gr_json_integer(s->task, "procs");
        return (gr_bound){gr_json_text(c->task, "rung"), s->work / rate, false};
    }
    return (gr_bound){NULL, NAN, false};
}

// What binds: the arithmetic (the ladder's own limit where it was measured) or the memory.
gr_bound gr_bound_of(const gr_analysis *a, const gr_series *s)
{
    gr_bound own = own_bound(a, s), bytes = bytes_bound(a, s);
    gr_bound arithmetic = own.name ? own : flops_bound(a, s);
    return bytes.seconds > arithmetic.seconds || isnan(arithmetic.seconds) ? bytes : arithmetic;
}

// Which bound of the machine a point breaks by more than 5 %; NULL if none.
const char *gr_bound_broken(const gr_analysis *a, const gr_series *s)
{
    gr_bound flops = flops_bound(a, s), bytes = bytes_bound(a, s);
    if (gr_json_true(s->task, "other_algorithm")) return NULL;
    if (flops.seconds > 1.05 * s->seconds.mid) return flops.name;
    if (bytes.of_machine && bytes.seconds > 1.05 * s->seconds.mid) return bytes.name;
    return NULL;
}

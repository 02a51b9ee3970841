// SPDX-License-Identifier: BSD-3-Clause
#include "bench/machine.h"
#include "bench/machine_part.h"
#include <string.h>

// Members by what is better in them. An object is compared member by member.
static const char *const larger[] = {"triad_GBs", "triad_counted_GBs", "triad_streaming_GBs",
                                     "cache_GBs", "flops_GFs"};
static const char *const smaller[] = {"fork_us", "pipe_us",       "mpi_us",     "thread_us",
                                      "wake_us", "resolution_ns", "overhead_ns"};

static bool listed(const char *const *list, size_t n, const char *name)
{
    for (size_t k = 0; k < n; k++)
        if (!strcmp(list[k], name)) return true;
    return false;
}
#define LISTED(list, name) listed(list, sizeof(list) / sizeof *(list), name)

// into[name] = value if that is a number and better (larger or smaller), or nothing is there.
static void take_number(json_t *into, const char *name, json_t *value, bool want_larger)
{
    json_t *old = json_object_get(into, name);
    if (!json_is_number(value)) return;
    double a = json_number_value(old), b = json_number_value(value);
    if (!json_is_number(old) || (want_larger ? b > a : b < a))
        json_object_set_new(into, name, json_deep_copy(value));
}

static void take_larger(json_t *into, json_t *other)
{
    const char *name;
    json_t *value;
    json_object_foreach(other, name, value) { take_number(into, name, value, true); }
}

static void take_timer(json_t *into, json_t *other)
{
    const char *name;
    json_t *value;
    json_object_foreach(other, name, value)
    {
        if (LISTED(smaller, name)) take_number(into, name, value, false);
    }
}

// The smaller latency at each size that both have.
static void take_latencies(json_t *into, json_t *other)
{
    size_t i, j;
    json_t *a, *b;
    json_array_foreach(into, i, a)
    {
        json_array_foreach(other, j, b)
        {
            if (json_equal(json_object_get(a, "bytes"), json_object_get(b, "bytes")))
                take_number(a, "ns", json_object_get(b, "ns"), false);
        }
    }
}

static void take_warnings(json_t *into, json_t *other)
{
    size_t k;
    json_t *warning;
    json_array_foreach(other, k, warning)
    {
        const char *text = json_string_value(warning);
        if (text) gr_machine_warn(into, "%s", text);
    }
}

static void take(json_t *into, const char *name, json_t *value)
{
    json_t *old = json_object_get(into, name);
    if (!old || json_is_null(old))
        json_object_set_new(into, name, json_deep_copy(value));
    else if (LISTED(larger, name))
        take_larger(old, value);
    else if (LISTED(smaller, name))
        take_number(into, name, value, false);
    else if (!strcmp(name, "timer"))
        take_timer(old, value);
    else if (!strcmp(name, "latency_ns"))
        take_latencies(old, value);
    else if (!strcmp(name, "warnings"))
        take_warnings(into, value);
}

void gr_machine_best(json_t *into, const json_t *other)
{
    if (into == other) return;
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)other, name, value) { take(into, name, value); }
}

// SPDX-License-Identifier: BSD-3-Clause
#include "bench/machine.h"
#include "bench/machine_part.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_MEMBERS = 4 };

typedef struct part {
    const char *what;
    const char *members[MAX_MEMBERS]; // null in the card if the part could not add them
    gr_machine_part *measure;
} part;

// The processes come first, while this one is small.
static const part card_parts[] = {
    {"clock", {"timer"}, gr_machine_clock},
    {"processes", {"fork_us", "pipe_us"}, gr_machine_processes},
    {"threads", {"thread_us", "wake_us"}, gr_machine_threads},
    {"messages", {"mpi_us", "mpi_GBs"}, gr_machine_ranks},
    {"noise", {"noise"}, gr_machine_noise},
    {"arithmetic", {"flops_GFs"}, gr_machine_flops},
    {"caches", {"cache_GBs"}, gr_machine_caches},
    {"memory", {"triad_GBs", "triad_counted_GBs", "triad_streaming_GBs"}, gr_machine_triad},
    {"matrix product", {"flops_GFs"}, gr_machine_dgemm},
    {"latency", {"latency_ns", "huge_pages"}, gr_machine_latency},
};
static const part limit_parts[] = {
    {"arithmetic", {"flops_GFs"}, gr_machine_flops},
    {"caches", {"cache_GBs"}, gr_machine_caches},
    {"memory", {"triad_GBs", "triad_counted_GBs", "triad_streaming_GBs"}, gr_machine_triad},
};
#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

gr_status gr_machine_put(json_t *object, const char *name, json_t *value)
{
    if (json_object_set_new(object, name, value))
        return gr_fail(GR_ENOMEM, "%s: out of memory", name);
    return GR_OK;
}

gr_status gr_machine_put_real(json_t *object, const char *name, double value)
{
    if (!isfinite(value)) return gr_machine_put(object, name, json_null());
    char digits[32];
    snprintf(digits, sizeof digits, "%.4g", value);
    return gr_machine_put(object, name, json_real(strtod(digits, NULL)));
}

json_t *gr_machine_group(json_t *card, const char *name)
{
    json_t *group = json_object_get(card, name);
    if (json_is_object(group)) return group;
    return json_object_set_new(card, name, json_object()) ? NULL : json_object_get(card, name);
}

void gr_machine_warn(json_t *card, const char *format, ...)
{
    char text[640];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    json_t *warnings = json_object_get(card, "warnings"), *warning;
    size_t k;
    json_array_foreach(warnings, k, warning)
    {
        if (!strcmp(json_string_value(warning), text)) return;
    }
    json_array_append_new(warnings, json_string(text));
}

// A build with a sanitizer is checked, not measured: it needs no large arrays.
#if defined __has_feature
#define HAS_FEATURE(x) __has_feature(x)
#else
#define HAS_FEATURE(x) 0
#endif
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__ ||                                 \
    HAS_FEATURE(address_sanitizer) || HAS_FEATURE(thread_sanitizer)
enum { INSTRUMENTED = 1 };
#else
enum { INSTRUMENTED = 0 };
#endif

static gr_machine_plan plan_of(bool quick, int repeats)
{
    const size_t typical = (size_t)32 << 20, least = (size_t)64 << 20, hasty = (size_t)384 << 20;
    gr_machine_plan plan = {.cpu = gr_cpu_of_machine(), .quick = quick, .repeats = repeats};
    const gr_cpu *cpu = &plan.cpu;
    const gr_cache *last = cpu->caches ? &cpu->cache[cpu->caches - 1] : NULL;
    plan.last_one = last ? (size_t)last->bytes : typical;
    int used = last ? (last->count < cpu->usable ? last->count : cpu->usable) : 1;
    plan.last_all = plan.last_one * (size_t)(used > 0 ? used : 1);
    plan.memory = (size_t)(cpu->memory_available / 2);
    if (plan.memory < least) plan.memory = least;
    // Some virtual machines tell of the host's whole last cache: to fill it takes longer than a
    // quick run.
    if (quick && plan.memory > hasty) plan.memory = hasty;
    if (INSTRUMENTED) plan.memory = least / 4;
    return plan;
}

static gr_status put_processor(const gr_cpu *cpu, json_t *card)
{
    GR_TRY(gr_machine_put(card, "cpu", json_string(cpu->model)));
    GR_TRY(gr_machine_put(card, "cores", json_integer(cpu->usable)));
    GR_TRY(gr_machine_put(card, "cores_in_machine", json_integer(cpu->cores)));
    GR_TRY(gr_machine_put(card, "simd", json_string(cpu->simd)));
    GR_TRY(gr_machine_put(card, "memory_bytes", json_integer((json_int_t)cpu->memory)));
    if (strcmp(cpu->simd, gr_cpu_simd_built()))
        gr_machine_warn(card, "the processor has %s, this build uses %s: see CFLAGS", cpu->simd,
                        gr_cpu_simd_built());
    json_t *caches = json_array();
    GR_TRY(gr_machine_put(card, "caches", caches));
    for (const gr_cache *c = cpu->cache; c < cpu->cache + cpu->caches; c++) {
        json_t *cache = json_pack("{sisIsi}", "level", c->level, "bytes", (json_int_t)c->bytes,
                                  "shared_by", c->shared_by);
        if (json_array_append_new(caches, cache)) return gr_fail(GR_ENOMEM, "caches");
    }
    return GR_OK;
}

static void run_part(const part *p, const gr_machine_plan *plan, json_t *card)
{
    if (p->measure(plan, card))
        gr_machine_warn(card, "%s not measured in full: %s", p->what, gr_errmsg());
    for (int k = 0; k < MAX_MEMBERS && p->members[k]; k++)
        if (!json_object_get(card, p->members[k]))
            json_object_set_new(card, p->members[k], json_null());
}

static json_t *empty_card(void)
{
    json_t *card = json_object();
    if (card && json_object_set_new(card, "warnings", json_array())) {
        json_decref(card);
        card = NULL;
    }
    return card;
}

gr_status gr_machine_measure(bool quick, gr_machine_progress *progress, void *context,
                             json_t **card)
{
    *card = empty_card();
    if (!*card) return gr_fail(GR_ENOMEM, "machine card: out of memory");
    gr_machine_plan plan = plan_of(quick, quick ? 4 : 15);
    gr_status status = put_processor(&plan.cpu, *card);
    if (status) {
        json_decref(*card);
        *card = NULL;
        return status;
    }
    for (int k = 0; k < COUNT(card_parts); k++) {
        if (progress) progress(context, k, COUNT(card_parts), card_parts[k].what);
        run_part(&card_parts[k], &plan, *card);
    }
    if (progress) progress(context, COUNT(card_parts), COUNT(card_parts), "done");
    return GR_OK;
}

gr_status gr_machine_limits(json_t **limits)
{
    *limits = empty_card();
    if (!*limits) return gr_fail(GR_ENOMEM, "machine limits: out of memory");
    gr_machine_plan plan = plan_of(true, 2);
    for (int k = 0; k < COUNT(limit_parts); k++) run_part(&limit_parts[k], &plan, *limits);
    return GR_OK;
}

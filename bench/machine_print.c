// SPDX-License-Identifier: BSD-3-Clause
#include "bench/machine.h"
#include <math.h>
#include <string.h>

// The number card[name], or of card[group][name]; NAN if there is none.
static double number(const json_t *card, const char *name)
{
    const json_t *value = json_object_get(card, name);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static const char *word(const json_t *card, const char *name)
{
    const char *text = json_string_value(json_object_get(card, name));
    return text ? text : "unknown";
}

// "512 KiB"
static const char *size_text(double bytes, char text[16])
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    int k = 0;
    if (!(bytes >= 0 && bytes < 1e16)) return "unknown";
    for (; bytes >= 1024 && k < 4; k++) bytes /= 1024;
    snprintf(text, 16, "%.3g %s", bytes, units[k]);
    return text;
}

// A number to three digits in ten columns; a dash for none.
static void print_number(FILE *out, double value)
{
    if (!isfinite(value))
        fprintf(out, "%10s", "-");
    else
        fprintf(out, "%10.*f", value < 10 ? 2 : value < 100 ? 1 : 0, value);
}

static void print_processor(const json_t *card, FILE *out)
{
    char text[16];
    size_t k;
    json_t *cache;
    if (!json_object_get(card, "cpu")) return;
    fprintf(out, "processor   %s, %.0f of %.0f cores usable, %s\n", word(card, "cpu"),
            number(card, "cores"), number(card, "cores_in_machine"), word(card, "simd"));
    fprintf(out, "memory      %s", size_text(number(card, "memory_bytes"), text));
    json_array_foreach(json_object_get(card, "caches"), k, cache)
    {
        double threads = number(cache, "shared_by");
        fprintf(out, ", L%.0f %s", number(cache, "level"), size_text(number(cache, "bytes"), text));
        if (threads > 1) fprintf(out, " for %.0f", threads);
    }
    fprintf(out, "\n");
}

static void print_trust(const json_t *card, FILE *out)
{
    const json_t *timer = json_object_get(card, "timer"), *noise = json_object_get(card, "noise");
    if (timer)
        fprintf(out, "clock       %s, step %.0f ns, a reading takes %.0f ns\n",
                word(timer, "source"), number(timer, "resolution_ns"),
                number(timer, "overhead_ns"));
    if (noise)
        fprintf(out, "noise       %.1f %%, %s\n", 100 * number(noise, "index"),
                word(noise, "word"));
}

typedef struct row {
    const char *title, *group, *prefix, *unit;
} row;

static const row rows[] = {
    {"triad, 24 bytes an iteration", "triad_GBs", "", "GB/s"},
    {"  with write-allocate, 32 bytes", "triad_counted_GBs", "", "GB/s"},
    {"  with streaming stores, 24", "triad_streaming_GBs", "", "GB/s"},
    {"fused multiply-add", "flops_GFs", "fma_", "Gflop/s"},
    {"multiply and add", "flops_GFs", "muladd_", "Gflop/s"},
    {"  fused, beside additions", "flops_GFs", "fmaadd_", "Gflop/s"},
    {"matrix product, dgemm", "flops_GFs", "dgemm_", "Gflop/s"},
};

// The number of cores in "2", "fma_2" after `prefix`; 0 if the member is not of this row.
static int cores_of(const char *member, const char *prefix)
{
    int cores = 0;
    size_t length = strlen(prefix);
    return !strncmp(member, prefix, length) && sscanf(member + length, "%d", &cores) == 1 ? cores
                                                                                          : 0;
}

// The largest number of cores in any row.
static int most_cores(const json_t *card)
{
    int most = 1;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        const char *member;
        json_t *value;
        json_object_foreach(json_object_get(card, rows[k].group), member, value)
        {
            int cores = cores_of(member, rows[k].prefix);
            if (cores > most) most = cores;
        }
    }
    return most;
}

static void print_row(const row *r, const json_t *card, int most, FILE *out)
{
    char member[48];
    const json_t *group = json_object_get(card, r->group);
    fprintf(out, "  %-34s", r->title);
    for (int cores = 1;; cores = most) {
        snprintf(member, sizeof member, "%s%d", r->prefix, cores);
        print_number(out, number(group, member));
        if (cores == most) break;
    }
    fprintf(out, "  %s\n", r->unit);
}

static void print_rates(const json_t *card, FILE *out)
{
    int most = most_cores(card);
    const char *level;
    json_t *rate;
    fprintf(out, "\n%-36s%10s", "limits (best of n)", "1 core");
    if (most > 1) fprintf(out, "%4d cores", most);
    fprintf(out, "\n");
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) print_row(&rows[k], card, most, out);
    json_object_foreach(json_object_get(card, "cache_GBs"), level, rate)
    {
        fprintf(out, "  triad in half of %-17s", level);
        print_number(out, json_is_number(rate) ? json_number_value(rate) : NAN);
        fprintf(out, "%*s  GB/s\n", most > 1 ? 10 : 0, "");
    }
}

static void print_costs(const json_t *card, FILE *out)
{
    static const row costs[] = {
        {"fork, exit and wait", "fork_us", "", "us"},
        {"pipe, there and back", "pipe_us", "", "us"},
        {"thread, create and join", "thread_us", "", "us"},
        {"thread, wake up", "wake_us", "", "us"},
        {"MPI message of 8 bytes", "mpi_us", "", "us"},
        {"  rate of large ones", "mpi_GBs", "", "GB/s"},
    };
    if (!json_object_get(card, "fork_us")) return;
    fprintf(out, "\ncosts (medians)\n");
    for (size_t k = 0; k < sizeof costs / sizeof *costs; k++) {
        fprintf(out, "  %-34s", costs[k].title);
        print_number(out, number(card, costs[k].group));
        fprintf(out, "  %s\n", costs[k].unit);
    }
}

enum { HEIGHT = 9, MAX_POINTS = 64 };

// ns[0 .. n): rows from the largest at the top down to the smallest, in equal ratios.
static void print_plot(const double *bytes, const double *ns, int n, FILE *out)
{
    double low = INFINITY, high = -INFINITY;
    char text[16];
    for (int k = 0; k < n; k++) low = fmin(low, ns[k]), high = fmax(high, ns[k]);
    const int width = n > 34 ? 1 : 2; // columns to a point
    double ratio = high > low ? log(high / low) : 1;
    for (int line = HEIGHT - 1; line >= 0; line--) {
        fprintf(out, "%8.3g |", low * exp(ratio * line / (HEIGHT - 1)));
        for (int k = 0; k < n; k++) {
            bool here = lround((HEIGHT - 1) * log(ns[k] / low) / ratio) == line;
            fprintf(out, "%-*s", width, here ? &"##"[2 - width] : "");
        }
        fprintf(out, "\n");
    }
    fprintf(out, "%8s +", "");
    for (int k = 0; k < n * width; k++) fprintf(out, "-");
    fprintf(out, "\n%8s  ", "ns");
    int label = n > 20 ? 8 : 4; // points to a label
    for (int k = 0; k < n; k += label)
        fprintf(out, "%-*s", width * label, size_text(bytes[k], text));
    fprintf(out, "\n");
}

static void print_latency(const json_t *card, FILE *out)
{
    double bytes[MAX_POINTS], ns[MAX_POINTS];
    int n = 0;
    size_t k;
    json_t *point;
    json_array_foreach(json_object_get(card, "latency_ns"), k, point)
    {
        if (n == MAX_POINTS) break;
        bytes[n] = number(point, "bytes"), ns[n] = number(point, "ns");
        if (bytes[n] > 0 && ns[n] > 0) n++;
    }
    if (!n) return;
    fprintf(out, "\nload latency over working set (random order, huge pages: %s)\n",
            word(card, "huge_pages"));
    print_plot(bytes, ns, n, out);
}

// A sentence in lines of at most 78 columns, broken between words.
static void print_note(const char *text, FILE *out)
{
    int column = fprintf(out, "\nnote:");
    while (*text) {
        int length = (int)strcspn(text, " ");
        if (column + 1 + length > 78) column = fprintf(out, "\n     ") - 1;
        column += fprintf(out, " %.*s", length, text);
        text += length;
        text += strspn(text, " ");
    }
    fprintf(out, "\n");
}

void gr_machine_print(const json_t *card, FILE *out)
{
    size_t k;
    json_t *warning;
    print_processor(card, out);
    print_trust(card, out);
    print_rates(card, out);
    print_costs(card, out);
    print_latency(card, out);
    json_array_foreach(json_object_get(card, "warnings"), k, warning)
    {
        if (json_is_string(warning)) print_note(json_string_value(warning), out);
    }
}

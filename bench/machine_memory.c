// SPDX-License-Identifier: BSD-3-Clause
// Bandwidths by the STREAM triad a[i] = b[i] + s*c[i]: 16 bytes read and 8 written an iteration.
//
// An ordinary store first fetches the line that it will overwrite (write-allocate), so memory moves
// 32 bytes where STREAM counts 24. triad_GBs counts 24, triad_counted_GBs 32, of the same run.
// Streaming stores do not fetch: triad_streaming_GBs counts the 24 that then move.
// In memory each array is at least four times the last caches (less where memory is short: then
// there is a warning); each thread works on the slice that it touched first, where there is more
// than one last cache. A repeat takes an eighth of the arrays; it comes round to the same eighth
// when the caches have long lost it. In a cache the three
// arrays together fill half of it, on one core.
#include "bench/machine_part.h"
#include <string.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#if defined __SSE2__
#include <immintrin.h>
#endif

#if defined __AVX512F__
enum { WIDTH = 8 };
#elif defined __AVX__
enum { WIDTH = 4 };
#else
enum { WIDTH = 2 };
#endif
enum { PIECES = 8 }; // a limit is the best of many short repeats: long ones get disturbed
enum { STEP = 32 };  // slices are whole steps of doubles: 256 bytes, four of the widest vectors

typedef double vec __attribute__((vector_size(WIDTH * sizeof(double)), may_alias));

// a, b, c: (n) at 64-byte boundaries, n a multiple of STEP; no two overlap.
typedef void kernel(double *restrict a, const double *restrict b, const double *restrict c,
                    double s, size_t n);

__attribute__((noinline)) static void triad(double *restrict a, const double *restrict b,
                                            const double *restrict c, double s, size_t n)
{
    vec *va = (vec *)a;
    const vec *vb = (const vec *)b, *vc = (const vec *)c;
    for (size_t i = 0; i < n / WIDTH; i += 4) {
        va[i] = vb[i] + s * vc[i];
        va[i + 1] = vb[i + 1] + s * vc[i + 1];
        va[i + 2] = vb[i + 2] + s * vc[i + 2];
        va[i + 3] = vb[i + 3] + s * vc[i + 3];
    }
}

#if defined __SSE2__ || defined __clang__
#define HAS_STREAMING 1

static void store_past_cache(vec *to, vec value)
{
#if defined __clang__
    __builtin_nontemporal_store(value, to);
#elif defined __AVX512F__
    _mm512_stream_pd((double *)to, value);
#elif defined __AVX__
    _mm256_stream_pd((double *)to, value);
#else
    _mm_stream_pd((double *)to, value);
#endif
}

__attribute__((noinline)) static void triad_streaming(double *restrict a, const double *restrict b,
                                                      const double *restrict c, double s, size_t n)
{
    vec *va = (vec *)a;
    const vec *vb = (const vec *)b, *vc = (const vec *)c;
    for (size_t i = 0; i < n / WIDTH; i += 2) {
        store_past_cache(&va[i], vb[i] + s * vc[i]);
        store_past_cache(&va[i + 1], vb[i + 1] + s * vc[i + 1]);
    }
#if defined __SSE2__
    _mm_sfence();
#endif
}
#else
#define HAS_STREAMING 0
#endif

typedef struct stream {
    double *a, *b, *c; // (n)
    size_t n;          // a multiple of STEP
    int pieces;        // a repeat works on one piece of each member's slice, the next on the next
    size_t passes;     // of the kernel over that piece in one repeat
    kernel *kernel;
} stream;

// Where part `k` of `parts` begins.
static size_t begin_of(const stream *s, int k, int parts)
{
    return s->n / STEP * (size_t)k / (size_t)parts * STEP;
}

static void touch(int member, int size, void *context)
{
    stream *s = context;
    for (size_t i = begin_of(s, member, size); i < begin_of(s, member + 1, size); i++)
        s->a[i] = 0, s->b[i] = 1, s->c[i] = 2;
}

static void run_piece(int member, int size, int repeat, void *context)
{
    const stream *s = context;
    int piece = member * s->pieces + repeat % s->pieces, parts = size * s->pieces;
    size_t i = begin_of(s, piece, parts), n = begin_of(s, piece + 1, parts) - i;
    for (size_t k = 0; k < s->passes; k++) s->kernel(s->a + i, s->b + i, s->c + i, 3.0, n);
}

// Best rate of the triad in 10^9 iterations a second, over `rounds` of all pieces; checks a sample
// of the results.
static gr_status measure(stream *s, int size, int rounds, double *rate)
{
    double seconds;
    GR_TRY(gr_machine_lap(size, rounds * s->pieces, touch, run_piece, s, &seconds));
    for (size_t i = 0; i < s->n; i += 509)
        if (!(s->a[i] == 7)) return gr_fail(GR_EDATA, "triad: a[%zu] = %g, not 7", i, s->a[i]);
    size_t elements = s->n / (size_t)s->pieces; // of one piece
    *rate = 1e-9 * (double)(elements * s->passes) / seconds;
    return GR_OK;
}

// Three arrays of `bytes` each, rounded down to whole steps, in one block: s->a is what to free.
static gr_status make_arrays(stream *s, size_t bytes)
{
    size_t n = bytes / sizeof(double) / STEP * STEP;
    void *block;
    GR_TRY(gr_machine_block(3 * n * sizeof(double), &block));
    s->a = block, s->b = s->a + n, s->c = s->b + n, s->n = n;
    return GR_OK;
}

// s: the arrays.
static gr_status put_triad(const gr_machine_plan *plan, stream *s, int size, json_t *card)
{
    char cores[16];
    double rate = 0;
    snprintf(cores, sizeof cores, "%d", size);
    s->pieces = PIECES, s->passes = 1, s->kernel = triad;
    GR_TRY(measure(s, size, plan->repeats, &rate));
    GR_TRY(gr_machine_put_real(gr_machine_group(card, "triad_GBs"), cores, 24 * rate));
    GR_TRY(gr_machine_put_real(gr_machine_group(card, "triad_counted_GBs"), cores, 32 * rate));
#if HAS_STREAMING
    s->kernel = triad_streaming;
    GR_TRY(measure(s, size, plan->repeats, &rate));
    GR_TRY(gr_machine_put_real(gr_machine_group(card, "triad_streaming_GBs"), cores, 24 * rate));
#endif
    return GR_OK;
}

static size_t least(size_t a, size_t b) { return a < b ? a : b; }
static size_t most(size_t a, size_t b) { return a > b ? a : b; }

gr_status gr_machine_triad(const gr_machine_plan *plan, json_t *card)
{
    size_t room = most(plan->memory / 3, (size_t)1 << 20), wanted = 4 * plan->last_all;
    if (room < wanted)
        gr_machine_warn(card,
                        "triad: arrays of %zu MiB, where four times the last cache is %zu MiB",
                        room >> 20, wanted >> 20);
    if (!HAS_STREAMING)
        gr_machine_warn(card, "triad: this compiler gives no streaming stores here");
    size_t one = least(4 * plan->last_one, room), all = least(wanted, room);
    stream s = {0};
    gr_status status = make_arrays(&s, one);
    if (!status) status = put_triad(plan, &s, 1, card);
    if (!status && all != one && plan->cpu.usable > 1) { // several caches: memory near each
        free(s.a);
        s.a = NULL;
        status = make_arrays(&s, all);
    }
    if (!status && plan->cpu.usable > 1) status = put_triad(plan, &s, plan->cpu.usable, card);
    free(s.a);
    return status;
}

// About 32 MB of traffic a repeat: a fraction of a millisecond.
static gr_status put_cache(const gr_machine_plan *plan, const gr_cache *cache, json_t *rates)
{
    char name[16];
    double rate = 0;
    stream s = {.kernel = triad, .pieces = 1};
    snprintf(name, sizeof name, "L%d", cache->level);
    size_t each = most(least(cache->bytes / 2, plan->memory) / 3, STEP * sizeof(double));
    GR_TRY(make_arrays(&s, each));
    s.passes = most(32000000 / (3 * each), 1);
    gr_status status = measure(&s, 1, 8 * plan->repeats, &rate);
    free(s.a);
    if (status) return status;
    return gr_machine_put_real(rates, name, 24 * rate);
}

gr_status gr_machine_caches(const gr_machine_plan *plan, json_t *card)
{
    json_t *rates = gr_machine_group(card, "cache_GBs");
    if (!plan->cpu.caches) gr_machine_warn(card, "caches: their sizes are unknown here");
    for (int k = 0; k < plan->cpu.caches; k++) GR_TRY(put_cache(plan, &plan->cpu.cache[k], rates));
    return GR_OK;
}

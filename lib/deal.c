// SPDX-License-Identifier: BSD-3-Clause
#include "lib/deal.h"
#include <assert.h>
#include <string.h>

// A sweep: the first chunk to look at in the low 40 bits, above them how often it was started.
enum { VERSION = 40, BLOCK = GR_DEAL_SIDE * GR_DEAL_SIDE };
#define POSITION (((uint64_t)1 << VERSION) - 1)

static uint64_t pack(gr_chunk_word w)
{
    return (uint64_t)w.state | (uint64_t)w.noted << GR_WORD_NOTED |
           (uint64_t)w.place << GR_WORD_PLACE | (uint64_t)w.losses << GR_WORD_LOSSES |
           (uint64_t)w.done << GR_WORD_DONE;
}

static bool swap(gr_deal *d, size_t chunk, gr_chunk_word from, gr_chunk_word to)
{
    uint64_t expected = pack(from);
    return atomic_compare_exchange_strong(gr_deal_word(d, chunk), &expected, pack(to));
}

// ---- which tasks are in a chunk ----

static size_t guided_size(size_t left, size_t least, int workers)
{
    size_t share = left / (2 * (size_t)workers);
    size_t size = share > least ? share : least;
    return size < left ? size : left;
}

static size_t guided_chunks(size_t n, size_t least, int workers)
{
    size_t chunks = 0;
    for (size_t lo = 0; lo < n; chunks++) lo += guided_size(n - lo, least, workers);
    return chunks;
}

size_t gr_deal_chunks(gr_strategy strategy, size_t n, size_t chunk, int workers)
{
    switch (strategy) {
    case GR_SEQUENTIAL:
        return n > 0;
    case GR_EQUALPORTION:
        return n < (size_t)workers ? n : (size_t)workers;
    case GR_GUIDED:
        return guided_chunks(n, chunk, workers);
    default:
        return n / chunk + (n % chunk > 0);
    }
}

static size_t whole_blocks(size_t chunks) { return (chunks + BLOCK - 1) / BLOCK * BLOCK; }

size_t gr_deal_bytes(gr_strategy strategy, size_t chunks)
{
    size_t bounds = strategy == GR_GUIDED ? (chunks + 1) * sizeof(size_t) : 0;
    return whole_blocks(chunks) * sizeof(uint64_t) + bounds;
}

void gr_deal_make(gr_deal *d, gr_strategy strategy, size_t n, size_t chunk, int workers,
                  void *memory)
{
    assert(chunk >= 1 && workers >= 1 && workers <= GR_DEAL_PLACES);
    *d = (gr_deal){.strategy = strategy, .workers = workers, .n = n, .chunk = chunk};
    d->chunks = gr_deal_chunks(strategy, n, chunk, workers);
    d->block = n / (size_t)workers, d->rest = n % (size_t)workers;
    d->words = memory;
    d->sweep = d->chunks;
    if (strategy != GR_GUIDED) return;
    d->bounds = (size_t *)(void *)(d->words + whole_blocks(d->chunks));
    for (size_t k = 0; k < d->chunks; k++)
        d->bounds[k + 1] = d->bounds[k] + guided_size(n - d->bounds[k], chunk, workers);
}

size_t gr_deal_lo(const gr_deal *d, size_t k)
{
    if (k >= d->chunks) return d->n;
    switch (d->strategy) {
    case GR_SEQUENTIAL:
        return 0;
    case GR_EQUALPORTION:
        return k * d->block + (k < d->rest ? k : d->rest);
    case GR_GUIDED:
        return d->bounds[k];
    default:
        return k * d->chunk;
    }
}

size_t gr_deal_chunk_of(const gr_deal *d, size_t task)
{
    if (d->strategy == GR_POOL || d->strategy == GR_CARDDEALER) return task / d->chunk;
    size_t low = 0, high = d->chunks; // gr_deal_lo(low) <= task < gr_deal_lo(high)
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (gr_deal_lo(d, middle) <= task)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static bool drawn(const gr_deal *d) { return d->strategy == GR_POOL || d->strategy == GR_GUIDED; }

size_t gr_deal_lanes(const gr_deal *d)
{
    return drawn(d) || d->strategy == GR_SEQUENTIAL ? 1 : (size_t)d->workers;
}

// ---- taking ----

static bool take(gr_deal *d, size_t k, gr_chunk_word w, int place, gr_hand *hand)
{
    gr_chunk_word mine = w;
    mine.state = GR_CHUNK_OWNED, mine.place = place;
    if (!swap(d, k, w, mine)) return false;
    size_t lo = gr_deal_lo(d, k);
    *hand = (gr_hand){.chunk = k,
                      .lo = lo,
                      .at = lo + w.done,
                      .hi = gr_deal_lo(d, k + 1),
                      .losses = w.losses,
                      .noted = w.noted};
    return true;
}

static bool take_free(gr_deal *d, size_t k, int place, gr_hand *hand)
{
    static const gr_chunk_word never_taken = {.state = GR_CHUNK_FREE};
    return take(d, k, never_taken, place, hand);
}

// Moves the sweep on, unless it was moved or started again meanwhile.
static void sweep_on(gr_deal *d, uint64_t seen, size_t position)
{
    atomic_compare_exchange_strong(&d->sweep, &seen, (seen & ~POSITION) | position);
}

static bool take_returned(gr_deal *d, int place, gr_hand *hand)
{
    uint64_t seen = atomic_load(&d->sweep);
    for (size_t k = (size_t)(seen & POSITION); k < d->chunks; k++) {
        gr_chunk_word w = gr_deal_look(d, k);
        if (w.state != GR_CHUNK_RETURNED || !take(d, k, w, place, hand)) continue;
        sweep_on(d, seen, k + 1);
        return true;
    }
    if ((seen & POSITION) < d->chunks) sweep_on(d, seen, d->chunks);
    return false;
}

// The next chunk of this worker's row, or the next of all; `chunks` or more if there is none.
static size_t draw(gr_deal *d, int place, size_t *card)
{
    if (drawn(d)) return (size_t)atomic_fetch_add(&d->next, 1);
    if (d->strategy == GR_SEQUENTIAL && place != 0) return d->chunks;
    size_t k = *card;
    if (k < d->chunks) *card += (size_t)d->workers;
    return k;
}

bool gr_deal_claim(gr_deal *d, int place, size_t *card, gr_hand *hand)
{
    while (!atomic_load_explicit(&d->cancelled, memory_order_relaxed)) {
        if (take_returned(d, place, hand)) return true;
        size_t k = draw(d, place, card);
        if (k >= d->chunks) return false;
        if (take_free(d, k, place, hand)) return true;
    }
    return false;
}

static void put(gr_deal *d, int place, const gr_hand *h, gr_chunk_state state)
{
    gr_chunk_word w = {.state = state,
                       .noted = h->noted,
                       .place = place,
                       .losses = h->losses,
                       .done = h->at - h->lo};
    atomic_store_explicit(gr_deal_word(d, h->chunk), pack(w), memory_order_release);
}

bool gr_deal_done(gr_deal *d, int place, gr_hand *hand, bool noted)
{
    hand->at++;
    hand->losses = 0;
    hand->noted |= noted;
    bool more = hand->at < hand->hi;
    bool dropped = more && atomic_load_explicit(&d->cancelled, memory_order_relaxed);
    put(d, place, hand, dropped ? GR_CHUNK_DROPPED : more ? GR_CHUNK_OWNED : GR_CHUNK_FINISHED);
    return more && !dropped;
}

// ---- giving back ----

static void sweep_again(gr_deal *d)
{
    uint64_t seen = atomic_load(&d->sweep);
    while (!atomic_compare_exchange_weak(&d->sweep, &seen, ((seen >> VERSION) + 1) << VERSION))
        continue;
}

void gr_deal_leave(gr_deal *d, int place, gr_hand *hand)
{
    put(d, place, hand, GR_CHUNK_RETURNED);
    sweep_again(d);
}

// Whose row a chunk is in; never so where chunks are drawn.
static bool in_row_of(const gr_deal *d, int place, size_t k)
{
    if (d->strategy == GR_SEQUENTIAL) return place == 0;
    return k % (size_t)d->workers == (size_t)place;
}

// Nobody else writes the word of a chunk that the dead worker owned.
static void bury_owned(gr_deal *d, size_t k, gr_chunk_word w, int retries,
                       void (*give_up)(size_t task, int attempts, void *context), void *context)
{
    size_t lo = gr_deal_lo(d, k), hi = gr_deal_lo(d, k + 1);
    gr_hand h = {.chunk = k,
                 .lo = lo,
                 .at = lo + w.done,
                 .hi = hi,
                 .losses = w.losses + 1,
                 .noted = w.noted};
    if (h.losses > retries) {
        give_up(h.at, h.losses, context);
        h.at++, h.losses = 0, h.noted = true;
    }
    put(d, w.place, &h, h.at < hi ? GR_CHUNK_RETURNED : GR_CHUNK_FINISHED);
}

void gr_deal_bury(gr_deal *d, int place, int retries,
                  void (*give_up)(size_t task, int attempts, void *context), void *context)
{
    size_t next = drawn(d) ? (size_t)atomic_load(&d->next) : d->chunks;
    for (size_t k = 0; k < d->chunks; k++) {
        gr_chunk_word w = gr_deal_look(d, k);
        if (w.state == GR_CHUNK_OWNED && w.place == place)
            bury_owned(d, k, w, retries, give_up, context);
        // Drawn by the dead but not taken, or in its row. A living worker that drew it and is about
        // to take it will find it changed, and go on.
        if (w.state == GR_CHUNK_FREE && (drawn(d) ? k < next : in_row_of(d, place, k)))
            swap(d, k, w, (gr_chunk_word){.state = GR_CHUNK_RETURNED});
    }
    sweep_again(d);
    if (atomic_load(&d->cancelled)) gr_deal_cancel(d);
}

void gr_deal_cancel(gr_deal *d)
{
    atomic_store(&d->cancelled, true);
    for (size_t k = 0; k < d->chunks; k++) {
        gr_chunk_word w = gr_deal_look(d, k), dropped = w;
        dropped.state = GR_CHUNK_DROPPED;
        if (w.state == GR_CHUNK_FREE || w.state == GR_CHUNK_RETURNED) swap(d, k, w, dropped);
    }
}

// SPDX-License-Identifier: BSD-3-Clause
// A table of sets of eight: a point's hash says in which set it may be; of a full set the one that
// came first makes room.
#define XXH_INLINE_ALL
#include "solvers/cache.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { WAYS = 8, NONE = -1 };

typedef enum slot_state { EMPTY, WAITING, KNOWN } slot_state;

typedef struct slot {
    double f;
    size_t of; // WAITING: which of the fresh points
    slot_state state;
} slot;

struct gr_cache {
    size_t n, sets, room;
    unsigned age;   // of the costs: as the problem's
    slot *slot;     // (sets, WAYS)
    double *key;    // (sets, WAYS, n)
    unsigned *turn; // (sets) who makes room next
    int64_t repeated;
    // the batch under way
    size_t k;
    double *x, *moved, *f; // (room, n), (n), (room): fresh points, a key, costs
    double *known;         // (room) costs found in the table
    int64_t *source;       // (room) of each point: which fresh one; NONE: known
    size_t *place;         // (room) of each fresh point: its slot
};

static gr_status batch_room(gr_cache *c, size_t m)
{
    if (m <= c->room) return GR_OK;
    size_t n = c->n;
    double *x = realloc(c->x, (m * (n + 2) + n) * sizeof *x);
    if (x) c->x = x;
    int64_t *source = x ? realloc(c->source, m * sizeof *source) : NULL;
    if (source) c->source = source;
    size_t *place = source ? realloc(c->place, m * sizeof *place) : NULL;
    if (!place) return gr_fail(GR_ENOMEM, "cache: no room for %zu points", m);
    c->place = place, c->room = m;
    c->f = x + m * n, c->known = c->f + m, c->moved = c->known + m;
    return GR_OK;
}

gr_status gr_cache_new(gr_cache **cache, size_t n, size_t entries, size_t batch)
{
    gr_cache *c = *cache = calloc(1, sizeof *c);
    if (!c) return gr_fail(GR_ENOMEM, "cache: out of memory");
    size_t sets = (entries + WAYS - 1) / WAYS;
    c->n = n, c->sets = sets;
    c->slot = calloc(sets * WAYS, sizeof *c->slot);
    c->key = calloc(sets * WAYS, n * sizeof *c->key);
    c->turn = calloc(sets, sizeof *c->turn);
    gr_status status = c->slot && c->key && c->turn
                           ? batch_room(c, batch)
                           : gr_fail(GR_ENOMEM, "cache: no room for %zu points", entries);
    if (status) gr_cache_free(c), *cache = NULL;
    return status;
}

void gr_cache_free(gr_cache *c)
{
    if (!c) return;
    free(c->slot), free(c->key), free(c->turn);
    free(c->x), free(c->source), free(c->place);
    free(c);
}

// ---- the table ----

// Where this point is, or is put now: *found tells which.
static size_t find(gr_cache *c, const double *key, bool *found)
{
    size_t size = c->n * sizeof *key, set = XXH3_64bits(key, size) % c->sets, first = set * WAYS;
    for (size_t i = first; i < first + WAYS; i++)
        if (c->slot[i].state != EMPTY && !memcmp(c->key + i * c->n, key, size))
            return *found = true, i;
    size_t i = first + c->turn[set]++ % WAYS;
    memcpy(c->key + i * c->n, key, size);
    return *found = false, i;
}

static void forget(gr_cache *c, unsigned age)
{
    memset(c->slot, 0, c->sets * WAYS * sizeof *c->slot);
    c->age = age;
}

// ---- a batch ----

static gr_status look(gr_cache *c, const gr_problem *p, const double *x, size_t i)
{
    bool found;
    if (p->moved)
        GR_TRY(p->moved(x, c->n, p->context, c->moved));
    else
        memcpy(c->moved, x, c->n * sizeof *x);
    size_t at = find(c, c->moved, &found);
    slot *s = &c->slot[at];
    c->source[i] = found && s->state == KNOWN ? NONE : (int64_t)(found ? s->of : c->k);
    if (found) return c->known[i] = s->f, GR_OK;
    *s = (slot){NAN, c->k, WAITING};
    c->place[c->k] = at;
    memcpy(c->x + c->k++ * c->n, x, c->n * sizeof *x);
    return GR_OK;
}

// What still waits has no cost: it was not computed.
static void settle(gr_cache *c, size_t done)
{
    for (size_t j = 0; j < c->k; j++) {
        slot *s = &c->slot[c->place[j]];
        if (s->state != WAITING || s->of != j) continue; // another has its place
        s->state = j < done ? KNOWN : EMPTY;
        s->f = c->f[j];
    }
}

gr_status gr_cache_split(gr_cache *c, const gr_problem *p, const double *x, size_t m,
                         const double **fresh, size_t *k)
{
    GR_TRY(batch_room(c, m));
    if (c->age != p->age) forget(c, p->age);
    c->k = 0;
    for (size_t i = 0; i < m; i++) {
        gr_status status = look(c, p, x + i * c->n, i);
        if (status) return settle(c, 0), status;
    }
    *fresh = c->x, *k = c->k;
    return GR_OK;
}

double *gr_cache_costs(gr_cache *c) { return c->f; }

size_t gr_cache_join(gr_cache *c, size_t done, double *f, size_t m)
{
    int64_t next = 0; // the first fresh point that nobody has had
    size_t i = 0;
    for (; i < m && c->source[i] < (int64_t)done; i++) {
        f[i] = c->source[i] == NONE ? c->known[i] : c->f[c->source[i]];
        if (c->source[i] == next)
            next++;
        else
            c->repeated++;
    }
    settle(c, done);
    return i;
}

int64_t gr_cache_repeated(const gr_cache *c) { return c->repeated; }

// ---- saved ----

// A slot, and who makes room next in its set, as one number.
static int64_t place_of(const gr_cache *c, size_t i)
{
    return (int64_t)(i * WAYS + c->turn[i / WAYS] % WAYS);
}

gr_status gr_cache_dump(const gr_cache *c, const gr_problem *p, gr_array *points, gr_array *slots)
{
    size_t k = 0, n = c->n;
    for (size_t i = 0; c->age == p->age && i < c->sets * WAYS; i++) k += c->slot[i].state == KNOWN;
    GR_TRY(gr_array_new(slots, GR_I64, 1, &k));
    gr_status status = gr_array_new(points, GR_F64, 2, (size_t[]){k, n + 1});
    if (status) return gr_array_free(slots), status;
    double *row = points->data;
    int64_t *place = slots->data;
    for (size_t i = 0; k && i < c->sets * WAYS; i++) {
        if (c->slot[i].state != KNOWN) continue;
        memcpy(row, c->key + i * n, n * sizeof *row);
        row[n] = c->slot[i].f;
        *place++ = place_of(c, i), row += n + 1;
    }
    return GR_OK;
}

// Where a saved point goes; false: nowhere.
static bool slot_for(gr_cache *c, const double *key, int64_t place, bool same_size, size_t *at)
{
    bool found = false;
    if (!same_size) return *at = find(c, key, &found), true;
    if (place < 0 || (size_t)place / WAYS >= c->sets * WAYS) return false;
    *at = (size_t)place / WAYS;
    c->turn[*at / WAYS] = (unsigned)(place % WAYS);
    return true;
}

gr_status gr_cache_load(gr_cache *c, const gr_problem *p, const gr_array *points,
                        const gr_array *slots, bool same_size, int64_t repeated)
{
    size_t n = c->n, k = slots->ndim == 1 ? slots->shape[0] : 0;
    bool fits = slots->ndim == 1 && slots->dtype == GR_I64 && points->ndim == 2 &&
                points->dtype == GR_F64 && points->shape[0] == k && points->shape[1] == n + 1 &&
                gr_array_contiguous(points) && gr_array_contiguous(slots) && repeated >= 0;
    if (!fits) return gr_fail(GR_EDATA, "saved state: its cache is none of %zu dimensions", n);
    const double *row = points->data;
    const int64_t *place = slots->data;
    for (size_t i = 0, at; i < k; i++, row += n + 1) {
        if (!slot_for(c, row, place[i], same_size, &at))
            return gr_fail(GR_EDATA, "saved state: its cache is larger than it says");
        memcpy(c->key + at * n, row, n * sizeof *row);
        c->slot[at] = (slot){row[n], 0, KNOWN};
    }
    c->age = p->age, c->repeated = repeated;
    return GR_OK;
}

// SPDX-License-Identifier: BSD-3-Clause
// Gauss-Seidel with many sweeps in flight, bit for bit the sequential result.
//
// In one sweep each point waits for its left neighbour: sum, product, sum, product, some 12 cycles
// in which the core could do dozens of operations. The next sweep need not wait for the end of this
// one: it may follow one row and LAG columns behind. Read the grid as one line of n * n points,
// p = i n + j. While sweep 0 is at p, sweep s is at p - s (n + LAG). Its neighbours there are
//     left    its own last result
//     up      its own result n steps ago
//     down    what sweep s - 1 left LAG steps ago
//     right   what sweep s - 1 left n + LAG - 1 steps ago
//     old     what sweep s - 1 left n + LAG steps ago.
// So vectors whose lanes are consecutive sweeps take one operation for each of the formula's. All
// that they need is in a ring of the last n + LAG steps: a record for each, with the results of
// sweeps 0, 1, 2 ... side by side. "What sweep s - 1 left" is the same record read one number
// earlier; the number before sweep 0's is what memory holds, and the last lane's result goes back
// there. Several vectors side by side fill the cycles that one would wait.
//
// A batch of 4, 8, 12 or 16 sweeps makes `passes` along rows. Where some lanes stand on an edge, or
// before the first or behind the last row, their result is masked: the old value stays, and the
// difference is 0. Batch b + 1 needs the rows that batch b has left and so may run on another core,
// some rows behind.
// Source: the order is that of L. Lamport, The parallel execution of DO loops, CACM 17 (1974).
#include "lessons/09_laplace/laplace.h"
#include "parallel/team.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LANES = 4, VECTORS = 4, SWEEPS = LANES * VECTORS }; // most sweeps in flight on one core
enum {
    LAG = 3
}; // columns that a sweep is behind the one before; 2 would do, but then it reads what

typedef double vec __attribute__((vector_size(8 * LANES)));
typedef int64_t mask __attribute__((vector_size(8 * LANES))); // -1: this lane is on an inner point

enum { RECORD = SWEEPS + LANES, ENTER = LANES - 1 }; // of the ring: numbers; where memory's is

// What a batch carries from one piece to the next.
typedef struct flight {
    vec left[VECTORS]; // the last results
    vec err[VECTORS];
    size_t at; // place in the ring, LAG .. n + 2 LAG - 1
} flight;

typedef struct batch {
    const gr_laplace *p;
    size_t sweeps, passes; // 1 <= sweeps <= SWEEPS
    double *errors;        // (sweeps)
    gr_progress *progress;
} batch;

// The memory of one worker. The last LAG places of the ring are repeated before its first, and the
// first behind its last: LAG steps back and ahead are always there.
typedef struct scratch {
    double *ring; // (n + 3 LAG, RECORD)
    double *tail; // (2 n + 2 LAG): the last row, then zeros for what is behind it
    mask table[LAG * SWEEPS * VECTORS]; // masks of the first columns
    flight flight;
} scratch;

// A piece of one row for lane 0: columns first .. last - 1.
typedef struct piece {
    size_t first, last;
    double *record;      // of column `first`
    const double *ahead; // u(p + n + LAG) for column 0 of lane 0
    const mask *masks;   // of column `first`; NULL: all lanes are on inner points
    size_t mask_step;    // to the masks of the next column: `vectors`, or 0 if they are alike
    ptrdiff_t out;       // where the last sweep is, from lane 0's column 0 in this row
    int out_lane;
} piece;

// ---- the kernel ----

#define splat(x) ((vec){(x), (x), (x), (x)})

typedef double loose_vec __attribute__((vector_size(8 * LANES), aligned(8), may_alias));

static inline vec load(const double *from) { return *(const loose_vec *)from; }
static inline void store(double *to, vec v) { *(loose_vec *)to = v; }

// The kernel for a fixed number of vectors; the compiler makes one copy for each use below. Vectors
// go from last to first, since storing one overwrites a number that the next would read as `old`.
static inline __attribute__((always_inline)) void
run_piece(const gr_laplace *p, scratch *s, const piece *at, int vectors, bool masked)
{
    const vec dx2 = splat(p->dx2), dy2 = splat(p->dy2), dnr_inv = splat(p->dnr_inv);
    double *restrict u = p->u;
    double *here = at->record + LANES; // of sweep 0
    vec left[VECTORS], err[VECTORS];
    const mask *m = at->masks;
    memcpy(left, s->flight.left, sizeof left);
    memcpy(err, s->flight.err, sizeof err);
    for (size_t j = at->first; j < at->last; j++, here += RECORD) {
#pragma GCC unroll 4
        for (int v = vectors - 1; v >= 0; v--) {
            vec down = load(here - LAG * RECORD + LANES * v - 1);
            vec up = load(here + LAG * RECORD + LANES * v);
            vec right = load(here + RECORD + LANES * v - 1), old = load(here + LANES * v - 1);
            vec next = ((up + down) * dy2 + (left[v] + right) * dx2) * dnr_inv;
            if (masked) next = (vec)(((mask)next & m[v]) | ((mask)old & ~m[v]));
            vec diff = next - old;
            err[v] += diff * diff;
            left[v] = next;
            store(here + LANES * v, next);
        }
        here[ENTER - LANES] = at->ahead[j];
        if (!masked)
            u[at->out + (ptrdiff_t)j] = left[vectors - 1][LANES - 1];
        else if (m[vectors - 1][at->out_lane])
            u[at->out + (ptrdiff_t)j] = left[vectors - 1][at->out_lane];
        if (masked) m += at->mask_step;
    }
    memcpy(s->flight.left, left, sizeof left);
    memcpy(s->flight.err, err, sizeof err);
}

static void piece_1(const gr_laplace *p, scratch *s, const piece *at)
{
    run_piece(p, s, at, 1, false);
}
static void piece_2(const gr_laplace *p, scratch *s, const piece *at)
{
    run_piece(p, s, at, 2, false);
}
static void piece_3(const gr_laplace *p, scratch *s, const piece *at)
{
    run_piece(p, s, at, 3, false);
}
static void piece_4(const gr_laplace *p, scratch *s, const piece *at)
{
    run_piece(p, s, at, 4, false);
}
static void masked_1(const gr_laplace *p, scratch *s, const piece *at)
{
    run_piece(p, s, at, 1, true);
}
static void masked_2(const gr_laplace *p, scratch *s, const piece *at)
{
    run_piece(p, s, at, 2, true);
}
static void masked_3(const gr_laplace *p, scratch *s, const piece *at)
{
    run_piece(p, s, at, 3, true);
}
static void masked_4(const gr_laplace *p, scratch *s, const piece *at)
{
    run_piece(p, s, at, 4, true);
}

typedef void piece_kernel(const gr_laplace *p, scratch *s, const piece *at);
static piece_kernel *const plain_kernels[] = {NULL, piece_1, piece_2, piece_3, piece_4};
static piece_kernel *const masked_kernels[] = {NULL, masked_1, masked_2, masked_3, masked_4};

// Copies the records at both ends of the ring to where they are repeated.
static void repeat_ends(const scratch *s, size_t n)
{
    const size_t bytes = LAG * RECORD * sizeof *s->ring;
    memcpy(s->ring, s->ring + (n + LAG) * RECORD, bytes);
    memcpy(s->ring + (n + 2 * LAG) * RECORD, s->ring + LAG * RECORD, bytes);
}

// Runs a piece of at most n columns, in two where the ring ends.
static void run(piece_kernel *kernel, const gr_laplace *p, scratch *s, piece at)
{
    size_t n = p->n, last = at.last, *place = &s->flight.at;
    while (at.first < last) {
        size_t room = n + 2 * LAG - *place, count = last - at.first < room ? last - at.first : room;
        at.last = at.first + count;
        at.record = s->ring + *place * RECORD;
        kernel(p, s, &at);
        repeat_ends(s, n);
        *place = *place + count == n + 2 * LAG ? LAG : *place + count;
        if (at.masks) at.masks += count * at.mask_step;
        at.first = at.last;
    }
}

static int vectors_of(const batch *b) { return (int)((b->sweeps + LANES - 1) / LANES); }

// ---- masks ----

// Masks of pass i, columns first .. last - 1, into out: (last - first, vectors).
static void make_masks(const batch *b, size_t i, size_t first, size_t last, mask *out)
{
    ptrdiff_t n = (ptrdiff_t)b->p->n;
    int vectors = vectors_of(b);
    for (ptrdiff_t s = 0; s < LANES * vectors; s++) {
        ptrdiff_t q = (ptrdiff_t)i * n + (ptrdiff_t)first - s * (n + LAG);
        ptrdiff_t row = q >= 0 ? q / n : -1 - (-1 - q) / n, column = q - row * n;
        for (size_t j = 0; j < last - first; j++) {
            bool inner = row > 0 && row < n - 1 && column > 0 && column < n - 1;
            out[j * (size_t)vectors + (size_t)(s / LANES)][s % LANES] =
                inner && s < (ptrdiff_t)b->sweeps ? -1 : 0;
            if (++column == n) column = 0, row++;
        }
    }
}

// ---- a batch ----

// Passes until the last sweep has left point (n-2, n-2).
static size_t passes_of(size_t n, size_t sweeps)
{
    return ((n - 2) * n + n - 2 + (sweeps - 1) * (n + LAG)) / n + 1;
}

// Passes of the batch before after which this batch may make pass i: it reads up to column LAG - 1
// of row i + 2, where the last of the sweeps before is (sweeps - 1) (n + LAG) points behind its
// first.
static size_t passes_needed(const batch *before, size_t i)
{
    size_t n = before->p->n;
    size_t needed = ((i + 2) * n + LAG - 1 + (before->sweeps - 1) * (n + LAG)) / n + 1;
    return needed < before->passes ? needed : before->passes;
}

// Pass i where some sweep is outside the rows 1 .. n-2, or some lane is not used.
static void pass_masked(const batch *b, scratch *s, piece at, size_t i, size_t edge)
{
    size_t n = b->p->n;
    int vectors = vectors_of(b);
    piece_kernel *kernel = masked_kernels[vectors];
    make_masks(b, i, 0, edge, s->table);
    at.masks = s->table, at.mask_step = (size_t)vectors, at.first = 0, at.last = edge;
    run(kernel, b->p, s, at);
    if (edge < n - 1) {
        make_masks(b, i, edge, edge + 1, s->table);
        at.mask_step = 0, at.first = edge, at.last = n - 1;
        run(kernel, b->p, s, at);
    }
    make_masks(b, i, n - 1, n, s->table);
    at.mask_step = (size_t)vectors, at.first = n - 1, at.last = n;
    run(kernel, b->p, s, at);
}

// Pass i where all sweeps are in inner rows: only the first and the last columns need masks, the
// same in every such pass; `table` holds them.
static void pass_inner(const batch *b, scratch *s, piece at, size_t edge)
{
    size_t n = b->p->n;
    int vectors = vectors_of(b);
    at.masks = s->table, at.mask_step = (size_t)vectors, at.first = 0, at.last = edge;
    run(masked_kernels[vectors], b->p, s, at);
    at.masks = NULL, at.first = edge, at.last = n - 1;
    run(plain_kernels[vectors], b->p, s, at);
    at.masks = s->table + edge * (size_t)vectors, at.first = n - 1, at.last = n;
    run(masked_kernels[vectors], b->p, s, at);
}

static void start_batch(const batch *b, scratch *s)
{
    size_t n = b->p->n;
    const double *u = b->p->u;
    memset(s->ring, 0, (n + 3 * LAG) * RECORD * sizeof *s->ring);
    for (size_t q = 0; q < n + LAG; q++) s->ring[(q + LAG) * RECORD + ENTER] = u[q];
    repeat_ends(s, n);
    s->flight = (flight){.at = LAG};
    memset(s->tail, 0, (2 * n + 2 * LAG) * sizeof *s->tail);
    memcpy(s->tail, u + (n - 1) * n, n * sizeof *u);
}

static void run_batch(const batch *b, const batch *before, scratch *s)
{
    size_t n = b->p->n, lanes = LANES * (size_t)vectors_of(b);
    size_t edge =
        LAG * (lanes - 1) + 1 < n - 1 ? LAG * (lanes - 1) + 1 : n - 1; // columns that need masks
    double *u = b->p->u;
    bool have_table = false;
    if (before) gr_progress_wait(before->progress, passes_needed(before, 0));
    start_batch(b, s);
    for (size_t i = 0; i < b->passes; i++) {
        if (before) gr_progress_wait(before->progress, passes_needed(before, i));
        piece at = {0};
        at.ahead = i < n - 2 ? u + (i + 1) * n + LAG : s->tail + (i == n - 2 ? LAG : n + LAG);
        at.out = (ptrdiff_t)(i * n) - (ptrdiff_t)((b->sweeps - 1) * (n + LAG));
        at.out_lane = (int)((b->sweeps - 1) % LANES);
        bool inner = b->sweeps == lanes && i <= n - 2 && i * n >= n + (lanes - 1) * (n + LAG);
        if (inner && edge < n - 1) {
            if (!have_table) {
                make_masks(b, i, 0, edge, s->table);
                make_masks(b, i, n - 1, n, s->table + edge * (size_t)vectors_of(b));
                have_table = true;
            }
            pass_inner(b, s, at, edge);
        } else {
            pass_masked(b, s, at, i, edge);
            have_table = false;
        }
        atomic_store_explicit(&b->progress->done, i + 1, memory_order_release);
    }
    for (size_t k = 0; k < b->sweeps; k++) b->errors[k] = sqrt(s->flight.err[k / LANES][k % LANES]);
}

// ---- all batches ----

typedef struct plan {
    size_t count;
    batch *batches;   // (count)
    scratch *workers; // (team size)
} plan;

// Worker w takes batches w, w + size, ...: each follows the batch before it, on another core.
static void work(int member, int size, void *context)
{
    const plan *all = context;
    for (size_t b = (size_t)member; b < all->count; b += (size_t)size)
        run_batch(&all->batches[b], b > 0 ? &all->batches[b - 1] : NULL, &all->workers[member]);
}

static void *aligned_zeros(size_t count, size_t size)
{
    if (size && count > (SIZE_MAX - 63) / size) return NULL;
    size_t bytes = (count * size + 63) / 64 * 64;
    void *block = aligned_alloc(64, bytes);
    return block ? memset(block, 0, bytes) : NULL;
}

static gr_status run_plan(const gr_laplace *p, plan *all, int workers, gr_progress *progress)
{
    size_t n = p->n;
    for (size_t b = 0, first = 0; b < all->count; first += all->batches[b++].sweeps) {
        size_t left = p->steps - first;
        // Whole vectors as long as there are any, then a batch with lanes that are not used.
        size_t sweeps = left >= SWEEPS ? SWEEPS : left >= LANES ? left / LANES * LANES : left;
        all->batches[b] = (batch){.p = p, .sweeps = sweeps, .passes = passes_of(n, sweeps)};
        all->batches[b].errors = p->errors + first;
        all->batches[b].progress = &progress[b];
    }
    for (int w = 0; w < workers; w++) {
        all->workers[w].ring = aligned_zeros((n + 3 * LAG) * RECORD, sizeof(double));
        all->workers[w].tail = malloc((2 * n + 2 * LAG) * sizeof(double));
        if (!all->workers[w].ring || !all->workers[w].tail)
            return gr_fail(GR_ENOMEM, "laplace: the ring of %zu points", n);
    }
    return gr_team_run(workers, work, all);
}

gr_status gr_laplace_pipelined(void *problem, int workers)
{
    gr_laplace *p = problem;
    if (p->n < 3 || p->steps == 0) {
        memset(p->errors, 0, p->steps * sizeof *p->errors);
        return GR_OK;
    }
    size_t rest = p->steps % SWEEPS;
    size_t count = p->steps / SWEEPS + (rest >= LANES) + (rest % LANES > 0);
    if ((size_t)workers > count) workers = (int)count;
    plan all = {.count = count, .batches = calloc(count, sizeof *all.batches)};
    all.workers = aligned_zeros((size_t)workers, sizeof *all.workers);
    gr_progress *progress = aligned_zeros(count, sizeof *progress);
    gr_status status = GR_OK;
    if (!all.batches || !all.workers || !progress)
        status = gr_fail(GR_ENOMEM, "laplace: %zu batches", count);
    else
        status = run_plan(p, &all, workers, progress);
    for (int w = 0; all.workers && w < workers; w++) {
        free(all.workers[w].tail);
        free(all.workers[w].ring);
    }
    free(progress);
    free(all.workers);
    free(all.batches);
    return status;
}

// SPDX-License-Identifier: BSD-3-Clause
// Jacobi sweeps in blocks of a two-dimensional grid of ranks: `mpi-blocks`.
//
// What a rank fetches before a sweep is its block's rim, what it computes is the block. Of P ranks
// on n x n points a band has a rim of 2 n points, a block one of 4 n / sqrt(P): that shrinks.
//
// The four sides go to four neighbours in one call, MPI_Ineighbor_alltoallw on a Cartesian
// communicator; a datatype says which points of the array a side is, be it a row or a column. While
// they travel, what reads no halo is swept.
//
// Errors must not depend on how the grid is cut. So it is cut in tiles first, at places that depend
// on n alone; a tile's errors are summed in one order, a block is some whole tiles, and in the end
// rank 0 adds the tiles' sums in their order: the same bits for any number of ranks.
//
// Source: MPI 4.0, chapters 5.1 (subarrays), 7.5 and 7.6 (Cartesian grids and their neighbours).
#include "lessons/09_laplace/laplace.h"
#include "parallel/mpi_ranks.h"
#include <stdlib.h>
#include <string.h>

// A tile's columns are a quarter of the grid's, by 16, at most 128: each of its rows costs some 20
// cycles more, the time of 16 points.
enum { TILE_ROWS = 8, LEAST_COLUMNS = 16, MOST_COLUMNS = 128, SIDES = 4 };

// A rectangle of tiles: rows top .. bottom-1 and columns left .. right-1 of the grid of tiles.
typedef gr_part tiles;

typedef struct block {
    const gr_laplace *p;
    MPI_Comm grid;                         // of the ranks that have a block
    size_t width;                          // columns of a tile
    size_t down, across;                   // tiles that cover the inner points
    tiles mine, inside;                    // of these, those that read no halo
    MPI_Datatype side[SIDES], halo[SIDES]; // in the order of the neighbours
    double *array[2];                      // (n, n): sweep k reads array[k % 2]
    gr_squares *squares;                   // (across)
    double *errors; // (steps, down, across): squared, of each tile; of others' tiles 0
} block;

// ---- tiles and blocks ----

static size_t width_of_tiles(size_t n)
{
    size_t quarter = (n + 4 * LEAST_COLUMNS - 1) / (4 * LEAST_COLUMNS) * LEAST_COLUMNS;
    return quarter < MOST_COLUMNS ? quarter : MOST_COLUMNS;
}

// The points of some tiles.
static gr_part points_of(const block *b, tiles t)
{
    const size_t n = b->p->n;
    gr_part points;
    size_t unused;
    gr_jacobi_piece(n, TILE_ROWS, t.top, &points.top, &unused);
    gr_jacobi_piece(n, TILE_ROWS, t.bottom - 1, &unused, &points.bottom);
    gr_jacobi_piece(n, b->width, t.left, &points.left, &unused);
    gr_jacobi_piece(n, b->width, t.right - 1, &unused, &points.right);
    return points;
}

// The most ranks whose grid has no more rows and columns than there are tiles; the others have no
// block.
static void shape_grid(const block *b, int shape[2])
{
    int busy = gr_ranks();
    do {
        shape[0] = shape[1] = 0;
        MPI_Dims_create(busy, 2, shape);
    } while (busy-- > 1 && ((size_t)shape[0] > b->down || (size_t)shape[1] > b->across));
}

static tiles tiles_of(const block *b, int rank)
{
    int shape[2], ends[2], at[2];
    MPI_Cart_get(b->grid, 2, shape, ends, at);
    MPI_Cart_coords(b->grid, rank, 2, at);
    size_t rows = (size_t)shape[0], columns = (size_t)shape[1];
    size_t row = (size_t)at[0], column = (size_t)at[1];
    return (tiles){.top = b->down * row / rows,
                   .bottom = b->down * (row + 1) / rows,
                   .left = b->across * column / columns,
                   .right = b->across * (column + 1) / columns};
}

static size_t most(size_t a, size_t b) { return a > b ? a : b; }

// A side that has a neighbour reads a halo.
static tiles inside_of(const block *b)
{
    tiles in = b->mine;
    in.top += in.top > 0, in.left += in.left > 0;
    in.bottom = most(in.top, in.bottom - (in.bottom < b->down));
    in.right = most(in.left, in.right - (in.right < b->across));
    return in;
}

// ---- datatypes ----

static MPI_Datatype rectangle(size_t n, size_t top, size_t bottom, size_t left, size_t right)
{
    MPI_Datatype type;
    int whole[2] = {(int)n, (int)n}, from[2] = {(int)top, (int)left};
    int size[2] = {(int)(bottom - top), (int)(right - left)};
    MPI_Type_create_subarray(2, whole, size, from, MPI_ORDER_C, MPI_DOUBLE, &type);
    MPI_Type_commit(&type);
    return type;
}

// Above, below, left, right: the order of a Cartesian grid's neighbours.
static void make_sides(block *b)
{
    const gr_part q = points_of(b, b->mine);
    const size_t n = b->p->n;
    b->side[0] = rectangle(n, q.top, q.top + 1, q.left, q.right);
    b->halo[0] = rectangle(n, q.top - 1, q.top, q.left, q.right);
    b->side[1] = rectangle(n, q.bottom - 1, q.bottom, q.left, q.right);
    b->halo[1] = rectangle(n, q.bottom, q.bottom + 1, q.left, q.right);
    b->side[2] = rectangle(n, q.top, q.bottom, q.left, q.left + 1);
    b->halo[2] = rectangle(n, q.top, q.bottom, q.left - 1, q.left);
    b->side[3] = rectangle(n, q.top, q.bottom, q.right - 1, q.right);
    b->halo[3] = rectangle(n, q.top, q.bottom, q.right, q.right + 1);
}

static void free_sides(block *b)
{
    for (int s = 0; s < SIDES; s++) {
        MPI_Type_free(&b->side[s]);
        MPI_Type_free(&b->halo[s]);
    }
}

// ---- a sweep ----

// Tiles from .. end-1 of row d of tiles, row by row of points.
static void sweep_tiles(const block *b, size_t k, size_t d, size_t from, size_t end)
{
    const gr_laplace *p = b->p;
    const gr_part rows = points_of(b, (tiles){from, from + 1, d, d + 1});
    memset(b->squares + from, 0, (end - from) * sizeof *b->squares);
    for (size_t i = rows.top; i < rows.bottom; i++)
        for (size_t t = from; t < end; t++) {
            size_t left, right;
            gr_jacobi_piece(p->n, b->width, t, &left, &right);
            const double *here = b->array[k % 2] + i * p->n + left;
            gr_jacobi_points(p, here - p->n, here, here + p->n,
                             b->array[(k + 1) % 2] + i * p->n + left,
                             (gr_stretch){left, left, right, right}, &b->squares[t]);
        }
    for (size_t t = from; t < end; t++)
        b->errors[(k * b->down + d) * b->across + t] = gr_squares_sum(&b->squares[t]);
}

static void sweep_inside(const block *b, size_t k)
{
    const tiles *in = &b->inside;
    for (size_t d = in->top; d < in->bottom; d++) sweep_tiles(b, k, d, in->left, in->right);
}

static void sweep_rim(const block *b, size_t k)
{
    const tiles *in = &b->inside, *all = &b->mine;
    for (size_t d = all->top; d < all->bottom; d++) {
        bool inner = d >= in->top && d < in->bottom;
        sweep_tiles(b, k, d, all->left, inner ? in->left : all->right);
        if (inner) sweep_tiles(b, k, d, in->right, all->right);
    }
}

static void sweep_block(const block *b)
{
    static const int one[SIDES] = {1, 1, 1, 1};
    static const MPI_Aint at[SIDES] = {0}; // the datatypes say where
    for (size_t k = 0; k < b->p->steps; k++) {
        MPI_Request halo;
        double *u = b->array[k % 2];
        MPI_Ineighbor_alltoallw(u, one, at, b->side, u, one, at, b->halo, b->grid, &halo);
        sweep_inside(b, k);
        MPI_Wait(&halo, MPI_STATUS_IGNORE);
        sweep_rim(b, k);
    }
}

// ---- bringing the blocks together ----

static void send_block(const block *b, int to, MPI_Datatype points)
{
    MPI_Send(b->p->u, 1, points, to, 0, b->grid);
}

static void receive_block(const block *b, int from, MPI_Datatype points)
{
    MPI_Recv(b->p->u, 1, points, from, 0, b->grid, MPI_STATUS_IGNORE);
}

static void move_block(const block *b, int whose, int peer,
                       void (*move)(const block *b, int peer, MPI_Datatype points))
{
    gr_part q = points_of(b, tiles_of(b, whose));
    MPI_Datatype points = rectangle(b->p->n, q.top, q.bottom, q.left, q.right);
    move(b, peer, points);
    MPI_Type_free(&points);
}

static void gather_blocks(const block *b)
{
    int size;
    MPI_Comm_size(b->grid, &size);
    if (gr_rank() > 0)
        move_block(b, gr_rank(), 0, send_block);
    else
        for (int r = 1; r < size; r++) move_block(b, r, r, receive_block);
}

// Each tile's sum is in one rank, and 0 in the others: so the order of these sums does not matter.
static void add_errors(const block *b)
{
    const gr_laplace *p = b->p;
    size_t parts = b->down * b->across;
    bool root = gr_rank() == 0;
    for (size_t k = 0; k < p->steps; k++) {
        double *sums = b->errors + k * parts;
        MPI_Reduce(root ? MPI_IN_PLACE : sums, sums, (int)parts, MPI_DOUBLE, MPI_SUM, 0,
                   gr_mpi_comm());
        if (root) p->errors[k] = gr_jacobi_error(sums, parts);
    }
}

// ---- the rung ----

static void sweep_all(block *b)
{
    int shape[2], ends[2] = {0, 0};
    shape_grid(b, shape);
    MPI_Cart_create(gr_mpi_comm(), 2, shape, ends, 0, &b->grid);
    if (b->grid != MPI_COMM_NULL) {
        b->mine = tiles_of(b, gr_rank());
        b->inside = inside_of(b);
        make_sides(b);
        sweep_block(b);
        free_sides(b);
        gather_blocks(b);
        MPI_Comm_free(&b->grid);
    }
    add_errors(b);
}

gr_status gr_jacobi_mpi_blocks(void *problem, int workers)
{
    gr_laplace *p = problem;
    (void)workers; // as many as there are ranks
    if (p->n < 3 || !p->steps) {
        if (p->steps) memset(p->errors, 0, p->steps * sizeof *p->errors);
        return GR_OK;
    }
    block b = {.p = p, .width = width_of_tiles(p->n)};
    b.down = gr_jacobi_pieces(p->n, TILE_ROWS), b.across = gr_jacobi_pieces(p->n, b.width);
    b.array[p->steps % 2] = p->u, b.array[(p->steps + 1) % 2] = p->other; // the last sweep writes u
    b.squares = aligned_alloc(_Alignof(gr_squares), b.across * sizeof *b.squares);
    b.errors = calloc(p->steps * b.down * b.across, sizeof *b.errors);
    bool fine = b.squares && b.errors;
    gr_status status = gr_ranks_agree(
        fine ? GR_OK : gr_fail(GR_ENOMEM, "jacobi: errors of %zu tiles", b.down * b.across));
    if (!status) sweep_all(&b);
    free(b.squares), free(b.errors);
    return status;
}

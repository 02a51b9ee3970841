// SPDX-License-Identifier: BSD-3-Clause
// npyfile -- one array, a block of it on each rank, and one file that NumPy reads. Nobody has the
// whole array, and nobody needs it.
#include "lessons/16_onesided/onesided.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// In the folder that goes with the job, if it has one (bench/ranks_room.h). Rank 0 says which
// number: the others may have made fewer problems.
static void name_file(npyfile *p)
{
    static int files;
    const char *job = getenv("OMPI_MCA_orte_tmpdir_base"), *folder = job ? job : P_tmpdir;
    double pid = gr_ranks_max(gr_rank() == 0 ? getpid() : 0);
    double file = gr_ranks_max(gr_rank() == 0 ? ++files : 0);
    snprintf(p->path, sizeof p->path, "%.4000s/gradus-onesided.%.0f-%.0f.npy", folder, pid, file);
}

// Of `shape` numbers `grid` ranks have ceil(shape / grid) each, as far as there are any.
static void deal_block(npyfile *p, int d, int place)
{
    int most = (p->shape[d] + p->grid[d] - 1) / p->grid[d], begin = place * most;
    p->start[d] = begin < p->shape[d] ? begin : p->shape[d];
    int left = p->shape[d] - p->start[d];
    p->size[d] = left < most ? left : most;
}

static void deal_all(npyfile *p)
{
    int ranks = gr_ranks();
    p->grid[1] = 1;
    for (int c = 1; c * c <= ranks; c++)
        if (ranks % c == 0) p->grid[1] = c;
    p->grid[0] = ranks / p->grid[1];
    deal_block(p, 0, gr_rank() / p->grid[1]);
    deal_block(p, 1, gr_rank() % p->grid[1]);
}

static double element(int i, int j) { return i + j / 1024.0; }

static void teardown(void *problem)
{
    npyfile *p = problem;
    if (!p) return;
    unlink(p->path); // of a run that was cut off
    free(p->block), free(p->whole), free(p->bytes);
    free(p);
}

static gr_status allocate(npyfile *p)
{
    size_t all = (size_t)p->shape[0] * (size_t)p->shape[1];
    size_t own = (size_t)p->size[0] * (size_t)p->size[1];
    p->room = p->header_size + all * sizeof *p->block;
    p->block = malloc((own + 1) * sizeof *p->block);
    p->whole = malloc((all + 1) * sizeof *p->whole), p->bytes = calloc(p->room, 1);
    if (!p->block || !p->whole || !p->bytes) return gr_fail(GR_ENOMEM, "npyfile: out of memory");
    for (int i = 0; i < p->size[0]; i++)
        for (int j = 0; j < p->size[1]; j++)
            p->block[i * p->size[1] + j] = element(p->start[0] + i, p->start[1] + j);
    return GR_OK;
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    (void)seed;
    *problem = NULL;
    if (size.n > 5000) return gr_fail(GR_EARG, "%zu rows: expected at most 5000", size.n);
    npyfile *p = calloc(1, sizeof *p);
    if (!p) return gr_fail(GR_ENOMEM, "npyfile: out of memory");
    p->shape[0] = (int)size.n, p->shape[1] = (int)size.n + 3;
    p->header_size = gr_npy_header(p->header, GR_F64, 2, (size_t[]){size.n, size.n + 3});
    name_file(p);
    deal_all(p);
    gr_status status = allocate(p);
    if (status) return teardown(p), status;
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    npyfile *p = problem;
    out[0] = (gr_output){"length", gr_array_of(&p->length, GR_I64, 1, (size_t[]){1}), true};
    out[1] = (gr_output){"byte", gr_array_of(p->bytes, GR_U8, 1, &p->room), true};
    return 2;
}

static double work(const void *problem) { return (double)((const npyfile *)problem)->room; }

// What gr_npy_save makes of the whole array. Every rank does it, into a file of its own.
static gr_status saved(void *problem, int workers)
{
    npyfile *p = problem;
    char path[sizeof p->path + 16];
    gr_array whole =
        gr_array_of(p->whole, GR_F64, 2, (size_t[]){(size_t)p->shape[0], (size_t)p->shape[1]});
    (void)workers;
    for (int i = 0; i < p->shape[0]; i++)
        for (int j = 0; j < p->shape[1]; j++) p->whole[i * p->shape[1] + j] = element(i, j);
    snprintf(path, sizeof path, "%s.%d", p->path, gr_rank());
    GR_TRY(gr_npy_save(path, &whole));
    FILE *file = fopen(path, "rb");
    p->length = file ? (int64_t)fread(p->bytes, 1, p->room, file) : -1;
    if (file) fclose(file);
    unlink(path);
    return p->length == (int64_t)p->room ? GR_OK : gr_fail_errno("%s", path);
}

static const gr_size no_sizes[] = {{0, 0}}; // judged, not timed

static const gr_rung rungs[] = {
    {.name = "saved", .idea = "one rank has the whole array, and saves it", .run = saved},
    {.name = "gathered",
     .idea = "all blocks go to rank 0, which writes",
     .run = npyfile_gathered,
     .launcher = GR_LAUNCH_MPI},
    {.name = "subarray",
     .idea = "each rank sees the file as its block, and all write at the same time",
     .run = npyfile_subarray,
     .launcher = GR_LAUNCH_MPI},
    {.name = "darray",
     .idea = "the same by MPI_Type_create_darray, which deals the blocks itself",
     .run = npyfile_darray,
     .launcher = GR_LAUNCH_MPI},
    {0},
};

const gr_ladder gr_ladder_npyfile = {
    .name = "npyfile",
    .title = "One .npy file, written by all ranks",
    .lesson = "16_onesided",
    .n_name = "rows",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = setup,
    .teardown = teardown,
    .outputs = outputs,
    .unit = "byte",
    .work = work,
};

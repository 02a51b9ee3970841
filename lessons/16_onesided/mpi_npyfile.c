// SPDX-License-Identifier: BSD-3-Clause
// A file view is a type, too: what of the file a rank sees. Then writing is like writing to memory.
#include "lessons/16_onesided/mpi_lesson.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

// ---- gathered ----

// Block of rank r, as p->start and p->size are of this one.
static void send_block(const npyfile *p)
{
    int about[4] = {p->start[0], p->start[1], p->size[0], p->size[1]};
    MPI_Send(about, 4, MPI_INT, 0, 0, gr_mpi_comm());
    MPI_Send(p->block, p->size[0] * p->size[1], MPI_DOUBLE, 0, 1, gr_mpi_comm());
}

// To its place in the whole array: the receiver's type is the block in it.
static void receive_block(npyfile *p, int from)
{
    int about[4];
    MPI_Recv(about, 4, MPI_INT, from, 0, gr_mpi_comm(), MPI_STATUS_IGNORE);
    MPI_Datatype place;
    MPI_Type_vector(about[2], about[3], p->shape[1], MPI_DOUBLE, &place);
    MPI_Type_commit(&place);
    double *begin = p->whole + (size_t)about[0] * (size_t)p->shape[1] + about[1];
    MPI_Recv(begin, 1, place, from, 1, gr_mpi_comm(), MPI_STATUS_IGNORE);
    MPI_Type_free(&place);
}

static void keep_own(npyfile *p)
{
    for (int i = 0; i < p->size[0]; i++)
        for (int j = 0; j < p->size[1]; j++)
            p->whole[(p->start[0] + i) * p->shape[1] + p->start[1] + j] =
                p->block[i * p->size[1] + j];
}

gr_status npyfile_gathered(void *problem, int workers)
{
    npyfile *p = problem;
    gr_status status = GR_OK;
    if (gr_rank() > 0) send_block(p);
    if (gr_rank() == 0) {
        keep_own(p);
        for (int r = 1; r < workers; r++) receive_block(p, r);
        gr_array whole =
            gr_array_of(p->whole, GR_F64, 2, (size_t[]){(size_t)p->shape[0], (size_t)p->shape[1]});
        status = gr_npy_save(p->path, &whole);
    }
    GR_TRY(gr_ranks_agree(status));
    return npyfile_read(p);
}

// ---- all at the same time ----

static gr_status failed(const npyfile *p, int code, const char *what)
{
    char text[MPI_MAX_ERROR_STRING] = "";
    int length = 0;
    if (!code) return GR_OK;
    MPI_Error_string(code, text, &length);
    return gr_fail(GR_ESYS, "%.200s: %s: %.200s", p->path, what, text);
}

// Calls on files return their errors: only those on communicators end the job by themselves.
static gr_status write_parts(npyfile *p, MPI_File file, MPI_Datatype seen)
{
    int code = MPI_SUCCESS, count = p->size[0] * p->size[1];
    if (gr_rank() == 0)
        code =
            MPI_File_write_at(file, 0, p->header, (int)p->header_size, MPI_BYTE, MPI_STATUS_IGNORE);
    GR_TRY(gr_ranks_agree(failed(p, code, "the header")));
    code = MPI_File_set_view(file, (MPI_Offset)p->header_size, MPI_DOUBLE, seen, "native",
                             MPI_INFO_NULL);
    GR_TRY(gr_ranks_agree(failed(p, code, "the view")));
    code = MPI_File_write_all(file, p->block, count, MPI_DOUBLE, MPI_STATUS_IGNORE);
    return gr_ranks_agree(failed(p, code, "the block"));
}

// `seen`: this rank's part of the array; whoever has nothing writes nothing, but takes part.
static gr_status write_as(npyfile *p, MPI_Datatype seen)
{
    MPI_File file;
    int code = MPI_File_open(gr_mpi_comm(), p->path, MPI_MODE_CREATE | MPI_MODE_WRONLY,
                             MPI_INFO_NULL, &file);
    GR_TRY(gr_ranks_agree(failed(p, code, "cannot be opened")));
    gr_status status = write_parts(p, file, seen);
    MPI_File_close(&file);
    return status ? status : npyfile_read(p);
}

static gr_status write_and_free(npyfile *p, MPI_Datatype seen)
{
    MPI_Type_commit(&seen);
    gr_status status = write_as(p, seen);
    MPI_Type_free(&seen);
    return status;
}

static bool nothing(const npyfile *p) { return p->size[0] == 0 || p->size[1] == 0; }

gr_status npyfile_subarray(void *problem, int workers)
{
    npyfile *p = problem;
    MPI_Datatype seen;
    (void)workers;
    if (nothing(p)) return write_as(p, MPI_DOUBLE);
    MPI_Type_create_subarray(2, p->shape, p->size, p->start, MPI_ORDER_C, MPI_DOUBLE, &seen);
    return write_and_free(p, seen);
}

gr_status npyfile_darray(void *problem, int workers)
{
    npyfile *p = problem;
    const int deal[] = {MPI_DISTRIBUTE_BLOCK, MPI_DISTRIBUTE_BLOCK};
    const int size[] = {MPI_DISTRIBUTE_DFLT_DARG, MPI_DISTRIBUTE_DFLT_DARG};
    MPI_Datatype seen;
    if (nothing(p)) return write_as(p, MPI_DOUBLE);
    MPI_Type_create_darray(workers, gr_rank(), 2, p->shape, deal, size, p->grid, MPI_ORDER_C,
                           MPI_DOUBLE, &seen);
    return write_and_free(p, seen);
}

// ---- what is in the file ----

static gr_status read_all(npyfile *p)
{
    FILE *file = fopen(p->path, "rb");
    if (!file) return gr_fail(GR_EDATA, "there is no file %.400s", p->path);
    p->length = (int64_t)fread(p->bytes, 1, p->room, file);
    if (p->length == (int64_t)p->room) p->length += getc(file) != EOF; // too long is wrong, too
    fclose(file);
    return GR_OK;
}

gr_status npyfile_read(npyfile *p)
{
    MPI_Barrier(gr_mpi_comm()); // all have closed it
    gr_status status = gr_rank() == 0 ? read_all(p) : GR_OK;
    if (gr_rank() == 0) unlink(p->path);
    return gr_ranks_agree(status);
}

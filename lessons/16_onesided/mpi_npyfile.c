// SPDX-License-Identifier: BSD-3-Clause
// A file view is a type, too: what of the file a rank sees. Then writing is like writing to memory.
#include "lessons/16_onesided/mpi_lesson.h"
#include <errno.h>
#include <fcntl.h>
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

// Room for all of it, before anything is written: on a full disk MPI may cut a write short and
// still call it a success, and MPI_File_preallocate as well (Open MPI 4.1): this call does not.
static gr_status reserve(const npyfile *p)
{
    int file = open(p->path, O_CREAT | O_WRONLY | O_CLOEXEC, 0666);
    if (file < 0) return gr_fail_errno("%.400s", p->path);
    errno = posix_fallocate(file, 0, (off_t)p->room);
    gr_status status =
        errno ? gr_fail_errno("%.400s: no room for %zu bytes", p->path, p->room) : GR_OK;
    close(file);
    return status;
}

// Did so many elements reach the file?
static gr_status written(const npyfile *p, int code, const MPI_Status *how, MPI_Datatype type,
                         int count)
{
    int n = count;
    if (!code && count) MPI_Get_count(how, type, &n);
    gr_status status = failed(p, code, "cannot be written");
    if (!status && n != count)
        status = gr_fail(GR_ESYS, "%.200s: %d of %d elements were written", p->path, n, count);
    return gr_ranks_agree(status);
}

// Calls on files return their errors: only those on communicators end the job by themselves.
static gr_status write_parts(npyfile *p, MPI_File file, MPI_Datatype seen)
{
    int code = MPI_SUCCESS, count = p->size[0] * p->size[1];
    int head = gr_rank() == 0 ? (int)p->header_size : 0;
    MPI_Status how;
    if (head) code = MPI_File_write_at(file, 0, p->header, head, MPI_BYTE, &how);
    GR_TRY(written(p, code, &how, MPI_BYTE, head));
    code = MPI_File_set_view(file, (MPI_Offset)p->header_size, MPI_DOUBLE, seen, "native",
                             MPI_INFO_NULL);
    GR_TRY(gr_ranks_agree(failed(p, code, "the view")));
    code = MPI_File_write_all(file, p->block, count, MPI_DOUBLE, &how);
    return written(p, code, &how, MPI_DOUBLE, count);
}

static gr_status write_file(npyfile *p, MPI_Datatype seen)
{
    MPI_File file;
    int code = MPI_File_open(gr_mpi_comm(), p->path, MPI_MODE_WRONLY, MPI_INFO_NULL, &file);
    GR_TRY(gr_ranks_agree(failed(p, code, "cannot be opened")));
    gr_status status = write_parts(p, file, seen);
    code = MPI_File_close(&file);
    return status ? status : gr_ranks_agree(failed(p, code, "the end"));
}

// `seen`: this rank's part of the array; whoever has nothing writes nothing, but takes part. There
// is all of the file in the end, or none.
static gr_status write_as(npyfile *p, MPI_Datatype seen)
{
    gr_status status = gr_ranks_agree(gr_rank() == 0 ? reserve(p) : GR_OK);
    if (!status) status = write_file(p, seen);
    if (status && gr_rank() == 0) unlink(p->path);
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

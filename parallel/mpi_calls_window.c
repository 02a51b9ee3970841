// SPDX-License-Identifier: BSD-3-Clause
// mpi_calls_window -- the calls on windows and files that a rank may wait in, wrapped as those of
// mpi_calls.c are. What only starts something (MPI_Put, MPI_Accumulate, MPI_Win_post) does not
// wait.
#include "parallel/mpi_watch.h"

static void enter_all(gr_watched call) { gr_watch_enter(call, GR_WATCH_ALL, 0, -1); }
static void enter_any(gr_watched call) { gr_watch_enter(call, GR_WATCH_ANY, 0, -1); }

static int leave(int code)
{
    gr_watch_leave();
    return code;
}

// ---- windows ----

int MPI_Win_fence(int hints, MPI_Win window)
{
    enter_all(GR_WATCHED_FENCE);
    return leave(PMPI_Win_fence(hints, window));
}

int MPI_Win_allocate(MPI_Aint size, int unit, MPI_Info info, MPI_Comm comm, void *base,
                     MPI_Win *window)
{
    enter_all(GR_WATCHED_WINDOW);
    return leave(PMPI_Win_allocate(size, unit, info, comm, base, window));
}

int MPI_Win_allocate_shared(MPI_Aint size, int unit, MPI_Info info, MPI_Comm comm, void *base,
                            MPI_Win *window)
{
    enter_all(GR_WATCHED_WINDOW);
    return leave(PMPI_Win_allocate_shared(size, unit, info, comm, base, window));
}

int MPI_Win_free(MPI_Win *window)
{
    enter_all(GR_WATCHED_WIN_FREE);
    return leave(PMPI_Win_free(window));
}

int MPI_Win_start(MPI_Group group, int hints, MPI_Win window)
{
    enter_any(GR_WATCHED_WIN_START);
    return leave(PMPI_Win_start(group, hints, window));
}

int MPI_Win_complete(MPI_Win window)
{
    enter_any(GR_WATCHED_WIN_COMPLETE);
    return leave(PMPI_Win_complete(window));
}

int MPI_Win_wait(MPI_Win window)
{
    enter_any(GR_WATCHED_WIN_WAIT);
    return leave(PMPI_Win_wait(window));
}

int MPI_Win_lock(int kind, int rank, int hints, MPI_Win window)
{
    enter_any(GR_WATCHED_WIN_LOCK);
    return leave(PMPI_Win_lock(kind, rank, hints, window));
}

int MPI_Win_lock_all(int hints, MPI_Win window)
{
    enter_any(GR_WATCHED_WIN_LOCK);
    return leave(PMPI_Win_lock_all(hints, window));
}

int MPI_Win_flush(int rank, MPI_Win window)
{
    enter_any(GR_WATCHED_WIN_FLUSH);
    return leave(PMPI_Win_flush(rank, window));
}

int MPI_Win_flush_all(MPI_Win window)
{
    enter_any(GR_WATCHED_WIN_FLUSH);
    return leave(PMPI_Win_flush_all(window));
}

// ---- files ----

int MPI_File_open(MPI_Comm comm, const char *path, int mode, MPI_Info info, MPI_File *file)
{
    enter_all(GR_WATCHED_FILE_OPEN);
    return leave(PMPI_File_open(comm, path, mode, info, file));
}

int MPI_File_set_view(MPI_File file, MPI_Offset at, MPI_Datatype element, MPI_Datatype seen,
                      const char *form, MPI_Info info)
{
    enter_all(GR_WATCHED_FILE_VIEW);
    return leave(PMPI_File_set_view(file, at, element, seen, form, info));
}

int MPI_File_write_all(MPI_File file, const void *buf, int count, MPI_Datatype type,
                       MPI_Status *status)
{
    enter_all(GR_WATCHED_FILE_WRITE);
    return leave(PMPI_File_write_all(file, buf, count, type, status));
}

int MPI_File_close(MPI_File *file)
{
    enter_all(GR_WATCHED_FILE_CLOSE);
    return leave(PMPI_File_close(file));
}

// SPDX-License-Identifier: BSD-3-Clause
#include "parallel/mpi_mail.h"
#include "parallel/futex.h"
#include "parallel/mpi_ranks.h"
#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

gr_status gr_mail_open(gr_mail *m)
{
    *m = (gr_mail){.room = GR_MAIL_ROOM, .comm = MPI_COMM_NULL};
    m->requests = malloc(GR_MAIL_ROOM * sizeof(MPI_Request));
    m->letters = calloc(GR_MAIL_ROOM, sizeof *m->letters);
    m->done = calloc(GR_MAIL_ROOM, sizeof *m->done);
    bool there = m->requests && m->letters && m->done;
    MPI_Comm_dup(gr_mpi_comm(), &m->comm); // by all, also by one that fails
    PMPI_Comm_rank(m->comm, &m->rank);
    PMPI_Comm_size(m->comm, &m->ranks);
    return there ? GR_OK : gr_fail(GR_ENOMEM, "a map's letters: out of memory");
}

// ---- sending ----

static void forget(gr_mail *m, int n)
{
    for (int i = 0; i < n; i++) free(m->letters[m->done[i]]);
    int kept = 0;
    for (int i = 0; i < m->sent; i++) {
        if (m->requests[i] == MPI_REQUEST_NULL) continue;
        m->letters[kept] = m->letters[i], m->requests[kept] = m->requests[i];
        kept++;
    }
    m->sent = kept;
}

static void push(gr_mail *m)
{
    int n = 0;
    if (!m->sent) return;
    PMPI_Testsome(m->sent, m->requests, &n, m->done, MPI_STATUSES_IGNORE);
    if (n > 0) forget(m, n);
}

static gr_status make_room(gr_mail *m)
{
    push(m);
    if (m->sent < m->room) return GR_OK;
    int room = 2 * m->room;
    MPI_Request *requests = realloc(m->requests, (size_t)room * sizeof(MPI_Request));
    if (requests) m->requests = requests;
    void **letters = requests ? realloc(m->letters, (size_t)room * sizeof *letters) : NULL;
    if (letters) m->letters = letters;
    int *done = letters ? realloc(m->done, (size_t)room * sizeof *done) : NULL;
    if (!done) return gr_fail(GR_ENOMEM, "a map's letters: out of memory");
    m->done = done, m->room = room;
    return GR_OK;
}

gr_status gr_mail_send(gr_mail *m, int to, gr_letter what, void *letter, size_t size)
{
    gr_status status = make_room(m);
    if (status) {
        free(letter);
        return status;
    }
    PMPI_Isend(letter, (int)size, MPI_BYTE, to, what, m->comm, &m->requests[m->sent]);
    m->letters[m->sent++] = letter;
    return GR_OK;
}

// ---- receiving ----

bool gr_mail_next(gr_mail *m, int *from, gr_letter *what, gr_bytes *letter)
{
    int there = 0, size = 0;
    MPI_Status status;
    push(m);
    PMPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, m->comm, &there, &status);
    if (!there) return false;
    PMPI_Get_count(&status, MPI_BYTE, &size);
    if ((size_t)size > m->in_room) {
        free(m->in);
        m->in = malloc((size_t)size);
        if (!m->in) gr_mpi_die("out of memory for a letter of %d bytes", size);
        m->in_room = (size_t)size;
    }
    *from = status.MPI_SOURCE, *what = (gr_letter)status.MPI_TAG;
    PMPI_Recv(m->in, size, MPI_BYTE, *from, status.MPI_TAG, m->comm, MPI_STATUS_IGNORE);
    *letter = (gr_bytes){m->in, (size_t)size};
    return true;
}

void gr_mail_rest(int times)
{
    enum { AT_ONCE = 200 };
    if (times < AT_ONCE)
        gr_relax();
    else if (times < GR_MAIL_PATIENT)
        sched_yield();
    else
        nanosleep(&(struct timespec){.tv_nsec = 50000}, NULL);
}

void gr_mail_close(gr_mail *m)
{
    for (int times = 0; m->sent; times++) {
        push(m);
        gr_mail_rest(times);
    }
    free(m->requests), free(m->letters), free(m->done), free(m->in);
    if (m->comm != MPI_COMM_NULL) PMPI_Comm_free(&m->comm);
}

// SPDX-License-Identifier: BSD-3-Clause
// mpi_mail -- letters between the ranks of a map: sent without waiting, of any size up to 2 GiB.
//
// Both sides only ever ask (MPI_Iprobe, MPI_Testsome) and never wait in MPI, so a rank can compute
// between two looks, and nobody hangs in a call because another one computes. A letter is the plain
// memory of structs: all ranks run the same program on the same kind of machine.
#pragma once
#include "lib/map.h"
#include <mpi.h>

typedef enum gr_letter {
    GR_LETTER_JOB,     // to a worker: what all tasks of a job have in common
    GR_LETTER_DEAL,    // to a worker: a chunk of it
    GR_LETTER_DROP,    // to a worker: what it has not begun is not wanted any more
    GR_LETTER_CLOSE,   // to a worker: end the map in brackets
    GR_LETTER_LEAVE,   // to a worker: the map is freed
    GR_LETTER_PART,    // from a worker: results of a chunk, or of the beginning of it
    GR_LETTER_TROUBLE, // from a worker: it can do no task of this job
    GR_LETTER_CLOSED   // from a worker
} gr_letter;

typedef struct gr_mail {
    MPI_Comm comm;
    int rank, ranks;
    MPI_Request *requests; // (room): what is on its way, the first `sent` of them
    void **letters;        // (room): its memory
    int *done;             // (room)
    int sent, room;
    char *in; // the letter that came last, in a block of so many bytes
    size_t in_room;
} gr_mail;

enum { GR_MAIL_ROOM = 64, GR_MAIL_PATIENT = 2000 };
#define GR_MAIL_MOST ((size_t)INT_MAX)

// A communicator of the map's own; collective over the crowd.
gr_status gr_mail_open(gr_mail *mail);

// Waits until all is sent, and frees everything; collective.
void gr_mail_close(gr_mail *mail);

// Sends `size` <= GR_MAIL_MOST bytes; `letter` is from malloc and freed when it is sent, also on
// failure: GR_ENOMEM. NULL and 0: the word alone.
gr_status gr_mail_send(gr_mail *mail, int to, gr_letter what, void *letter, size_t size);

// The next letter, if one has come; it stays until the next call. Memory that is not there for it
// ends the job in one line, as what MPI itself cannot do does.
bool gr_mail_next(gr_mail *mail, int *from, gr_letter *what, gr_bytes *letter);

// Between two looks in vain, the `times`-th: first at once, then letting others go first, from
// GR_MAIL_PATIENT on some 50 us later.
void gr_mail_rest(int times);

// SPDX-License-Identifier: BSD-3-Clause
// mpi_letter -- jobs, chunks and results as letters, and back; parallel/mpi_mail.h carries them.
//
// What is written is from malloc and given away with the letter. Records and results of a fixed
// size stand one behind the other; of any size, behind the table of their sizes.
#pragma once
#include "parallel/mpi_agent.h"

// Results of a chunk's tasks lo .. hi-1.
typedef struct gr_part {
    size_t chunk, lo, hi;
    size_t notes;  // outcomes that are not plain success
    bool last;     // of this chunk; if hi is not its end, the rest was dropped
    double busy;   // s in this job so far
    int lost;      // workers, in this job
    gr_bytes rest; // results and notes
} gr_part;

// GR_ENOMEM; GR_EUNSUP if a letter cannot hold it.
gr_status gr_letter_of_job(const gr_job *job, size_t number, gr_bytes *letter);
gr_status gr_letter_of_chunk(const gr_work *work, const gr_hand *hand, gr_bytes *letter);

// The load's tasks from `told` on that have ended, as many as a letter holds; sets `told` and frees
// results of any size. A result that no letter holds fails its task.
gr_status gr_letter_of_part(gr_load *load, const gr_agent *agent, bool dropped, gr_bytes *letter);

// `job` points into the letter, and to *func: the one of that name in `funcs`, with the sizes that
// rank 0 has. GR_EARG if there is none, or of other sizes; the number is there in any case.
gr_status gr_job_of_letter(gr_bytes letter, const gr_func *const *funcs, gr_func *func,
                           size_t *number, gr_job *job);

// A load with memory of its own. GR_ENOMEM, or job NULL: a load of which no task can be done.
gr_status gr_load_of_letter(gr_bytes letter, const gr_job *job, gr_load *load);

gr_part gr_part_of_letter(gr_bytes letter);

// Brings a part's results and outcomes to where the job wants them. GR_ENOMEM.
gr_status gr_part_store(const gr_part *part, gr_work *work);

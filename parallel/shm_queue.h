// SPDX-License-Identifier: BSD-3-Clause
// shm_queue -- a bounded queue of records of one size, between processes.
//
// A ring in a segment of its own, any number of producers and consumers, first in, first out. A
// record is copied under a robust lock, and only then counted, in one atomic step. So a process
// that is killed while it copies leaves a queue as it was before: no torn record is ever seen, and
// no place is lost. What dies with a process is the record it had taken.
//
// Who waits for records that a dead producer would have sent cannot know it: a queue does not know
// its producers. Give a timeout, or close the queue from whoever sees the death.
//
//   gr_shm shm;
//   gr_shm_queue *q;
//   GR_TRY(gr_shm_queue_new(&shm, &q, 100, sizeof(task)));   // then fork; or attach: q = shm.data
//   ... gr_shm_queue_put(q, &task, -1); ... gr_shm_queue_get(q, &task, 10);
//   gr_shm_free(&shm);
#pragma once
#include "parallel/shm.h"
#include "parallel/shm_sync.h"
#include <stddef.h>

typedef struct gr_shm_queue {
    size_t capacity, record;        // records that fit; bytes of one
    gr_shm_lock lock;               // held while a record is copied
    _Alignas(64) atomic_size_t put; // records so far
    gr_eventcount filled;
    _Alignas(64) atomic_size_t got;
    gr_eventcount emptied;
    atomic_uint closed;
    _Alignas(64) unsigned char place[]; // (capacity, record)
} gr_shm_queue;

// An empty queue for `capacity` >= 1 records of `record` >= 1 bytes. Fails as gr_shm_new does, or
// with GR_EARG.
gr_status gr_shm_queue_new(gr_shm *shm, gr_shm_queue **queue, size_t capacity, size_t record);

// Appends a copy of *record; takes the oldest into *record. Seconds as in shm_sync.h: GR_ETIME if
// there is no place, or no record, for so long. GR_ECANCEL: the queue is closed, and for _get also
// empty.
gr_status gr_shm_queue_put(gr_shm_queue *queue, const void *record, double timeout);
gr_status gr_shm_queue_get(gr_shm_queue *queue, void *record, double timeout);

// Records in it now: at once out of date where others put and get.
size_t gr_shm_queue_length(gr_shm_queue *queue);

// No more is put; what is in it can still be taken. Who waits is told.
void gr_shm_queue_close(gr_shm_queue *queue);

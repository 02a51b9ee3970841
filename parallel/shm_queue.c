// SPDX-License-Identifier: BSD-3-Clause
#include "parallel/shm_queue.h"
#include "lib/timer.h"
#include <assert.h>
#include <limits.h>
#include <math.h>
#include <string.h>

gr_status gr_shm_queue_new(gr_shm *shm, gr_shm_queue **queue, size_t capacity, size_t record)
{
    *shm = (gr_shm){.fd = -1};
    *queue = NULL;
    if (capacity < 1 || record < 1)
        return gr_fail(GR_EARG, "a queue of %zu records of %zu bytes", capacity, record);
    if (capacity > (SIZE_MAX - sizeof **queue) / record)
        return gr_fail(GR_ENOMEM, "a queue of %zu records of %zu bytes", capacity, record);
    GR_TRY(gr_shm_new(shm, sizeof **queue + capacity * record));
    gr_shm_queue *q = shm->data;
    q->capacity = capacity, q->record = record;
    atomic_init(&q->put, 0);
    atomic_init(&q->got, 0);
    atomic_init(&q->closed, 0);
    gr_eventcount_init(&q->filled);
    gr_eventcount_init(&q->emptied);
    gr_status status = gr_shm_lock_init(&q->lock);
    if (status) return gr_shm_free(shm), status;
    *queue = q;
    return GR_OK;
}

size_t gr_shm_queue_length(gr_shm_queue *queue)
{
    size_t got = atomic_load(&queue->got); // first: it never passes `put`
    return atomic_load(&queue->put) - got;
}

static bool is_closed(gr_shm_queue *q) { return atomic_load(&q->closed) != 0; }

// What is waited for: something to do, or the end.
static bool has_room(void *queue)
{
    return gr_shm_queue_length(queue) < ((gr_shm_queue *)queue)->capacity || is_closed(queue);
}

static bool has_record(void *queue) { return gr_shm_queue_length(queue) > 0 || is_closed(queue); }

static unsigned char *place_of(gr_shm_queue *q, size_t number)
{
    return q->place + number % q->capacity * q->record;
}

// Under the lock. The record is whole before it is counted, so an interrupted one does not exist.
static bool put_one(gr_shm_queue *q, const void *record)
{
    size_t put = atomic_load(&q->put);
    if (put - atomic_load(&q->got) == q->capacity) return false;
    memcpy(place_of(q, put), record, q->record);
    atomic_store(&q->put, put + 1);
    return true;
}

static bool get_one(gr_shm_queue *q, void *record)
{
    size_t got = atomic_load(&q->got);
    if (atomic_load(&q->put) == got) return false;
    memcpy(record, place_of(q, got), q->record);
    atomic_store(&q->got, got + 1);
    return true;
}

static double time_left(double end, double timeout)
{
    return timeout < 0 ? -1 : fmax(end - gr_now(), 0);
}

gr_status gr_shm_queue_put(gr_shm_queue *queue, const void *record, double timeout)
{
    assert(!isnan(timeout));
    double end = gr_now() + timeout;
    for (;;) {
        bool died; // nothing to repair, see put_one
        GR_TRY(gr_shm_lock_take(&queue->lock, time_left(end, timeout), &died));
        bool closed = is_closed(queue), done = !closed && put_one(queue, record);
        gr_shm_lock_release(&queue->lock);
        if (done) return gr_eventcount_notify(&queue->filled, 1), GR_OK;
        if (closed) return gr_fail(GR_ECANCEL, "queue: closed");
        if (!gr_eventcount_await(&queue->emptied, has_room, queue, time_left(end, timeout)))
            return gr_fail(GR_ETIME, "queue: full for %g s", timeout);
    }
}

gr_status gr_shm_queue_get(gr_shm_queue *queue, void *record, double timeout)
{
    assert(!isnan(timeout));
    double end = gr_now() + timeout;
    for (;;) {
        bool died;
        GR_TRY(gr_shm_lock_take(&queue->lock, time_left(end, timeout), &died));
        bool closed = is_closed(queue), done = get_one(queue, record);
        gr_shm_lock_release(&queue->lock);
        if (done) return gr_eventcount_notify(&queue->emptied, 1), GR_OK;
        if (closed) return gr_fail(GR_ECANCEL, "queue: closed and empty");
        if (!gr_eventcount_await(&queue->filled, has_record, queue, time_left(end, timeout)))
            return gr_fail(GR_ETIME, "queue: empty for %g s", timeout);
    }
}

void gr_shm_queue_close(gr_shm_queue *queue)
{
    atomic_store(&queue->closed, 1);
    gr_eventcount_notify(&queue->filled, INT_MAX);
    gr_eventcount_notify(&queue->emptied, INT_MAX);
}

// SPDX-License-Identifier: BSD-3-Clause
// A queue of records: each exactly once and in order, whole or not at all, whoever is killed when.
#include "parallel/shm_queue.h"
#include "lib/rng.h"
#include "parallel/fork_team.h"
#include "parallel/team.h"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { RECORDS = 3000, KILLS = 40, PATIENCE = 20 };
static int records = RECORDS, kills = KILLS; // GRADUS_FEW=1, for Valgrind and TSan: a few

typedef struct item {
    int producer, number;
} item;

typedef struct tally {
    atomic_int failures, seen[4][RECORDS];
} tally;

typedef struct common {
    gr_shm_queue *queue;
    tally *tally;
} common;

// Even members produce, odd ones consume; what one producer puts arrives in its order.
static void trade(int member, int size, void *context)
{
    common *c = context;
    int last[4] = {-1, -1, -1, -1};
    (void)size;
    for (int i = 0; i < records; i++) {
        item x = {member / 2, i};
        if (member % 2 == 0) {
            if (gr_shm_queue_put(c->queue, &x, PATIENCE)) atomic_fetch_add(&c->tally->failures, 1);
            continue;
        }
        if (gr_shm_queue_get(c->queue, &x, PATIENCE)) atomic_fetch_add(&c->tally->failures, 1);
        if (x.number <= last[x.producer]) atomic_fetch_add(&c->tally->failures, 1);
        last[x.producer] = x.number;
        atomic_fetch_add(&c->tally->seen[x.producer][x.number], 1);
    }
}

static gr_status trade_as_process(int member, int size, void *context)
{
    trade(member, size, context);
    return GR_OK;
}

static void every_record_arrives_once(void **state)
{
    (void)state;
    for (int processes = 0; processes < 2; processes++)
        for (size_t capacity = 1; capacity <= 64; capacity *= 8)
            for (int pairs = 1; pairs <= 2; pairs++) {
                gr_shm shm, memory;
                common c;
                assert_int_equal(gr_shm_queue_new(&shm, &c.queue, capacity, sizeof(item)), GR_OK);
                assert_int_equal(gr_shm_new(&memory, sizeof *c.tally), GR_OK);
                c.tally = memory.data;
                assert_int_equal(processes
                                     ? gr_fork_team_run(2 * pairs, PATIENCE, trade_as_process, &c)
                                     : gr_team_run(2 * pairs, trade, &c),
                                 GR_OK);
                assert_int_equal(c.tally->failures, 0);
                for (int p = 0; p < pairs; p++)
                    for (int i = 0; i < records; i++) assert_int_equal(c.tally->seen[p][i], 1);
                assert_int_equal(gr_shm_queue_length(c.queue), 0);
                gr_shm_free(&memory);
                gr_shm_free(&shm);
            }
}

static void full_empty_and_closed_are_said(void **state)
{
    (void)state;
    gr_shm shm;
    gr_shm_queue *q;
    double x = 1;
    assert_int_equal(gr_shm_queue_new(&shm, &q, 3, sizeof x), GR_OK);
    assert_int_equal(gr_shm_queue_get(q, &x, 0), GR_ETIME);
    assert_int_equal(gr_shm_queue_get(q, &x, 0.07), GR_ETIME);
    for (int i = 0; i < 3; i++) {
        x = i;
        assert_int_equal(gr_shm_queue_put(q, &x, 0), GR_OK);
        assert_int_equal(gr_shm_queue_length(q), i + 1);
    }
    assert_int_equal(gr_shm_queue_put(q, &x, 0), GR_ETIME);
    assert_int_equal(gr_shm_queue_put(q, &x, 0.07), GR_ETIME);
    gr_shm_queue_close(q);
    assert_int_equal(gr_shm_queue_put(q, &x, -1), GR_ECANCEL);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(gr_shm_queue_get(q, &x, -1), GR_OK);
        assert_true(x >= i && x <= i);
    }
    assert_int_equal(gr_shm_queue_get(q, &x, -1), GR_ECANCEL);
    gr_shm_free(&shm);
}

static void bad_queues_are_refused(void **state)
{
    (void)state;
    gr_shm shm;
    gr_shm_queue *q;
    assert_int_equal(gr_shm_queue_new(&shm, &q, 0, 8), GR_EARG);
    assert_int_equal(gr_shm_queue_new(&shm, &q, 8, 0), GR_EARG);
    assert_int_equal(gr_shm_queue_new(&shm, &q, SIZE_MAX / 2, 3), GR_ENOMEM);
    assert_int_equal(gr_shm_queue_new(&shm, &q, SIZE_MAX, SIZE_MAX), GR_ENOMEM);
    assert_null(q);
    gr_shm_free(&shm);
}

// ---- deaths: records so large that most of the time is spent in the middle of one ----

enum { BIG = 4 << 20, CAPACITY = 3 };

static bool is_whole(const unsigned char *record)
{
    return memcmp(record, record + 1, BIG - 1) == 0; // all bytes alike
}

static void produce_for_ever(gr_shm_queue *q, unsigned char *record)
{
    for (unsigned char k = 1;; k++) {
        memset(record, k, BIG);
        if (gr_shm_queue_put(q, record, -1)) _exit(1);
    }
}

static void a_producer_killed_while_it_writes_leaves_no_torn_record(void **state)
{
    (void)state;
    gr_shm shm;
    gr_shm_queue *q;
    gr_rng rng = gr_rng_of(13, 0);
    unsigned char *record = malloc(BIG);
    assert_int_equal(gr_shm_queue_new(&shm, &q, CAPACITY, BIG), GR_OK);
    for (int k = 0; k < kills; k++) {
        pid_t pid = fork();
        if (pid == 0) produce_for_ever(q, record);
        for (int i = 0; i < 3; i++) {
            assert_int_equal(gr_shm_queue_get(q, record, PATIENCE), GR_OK);
            assert_true(is_whole(record));
        }
        usleep((useconds_t)gr_rng_below(&rng, 3000));
        kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, NULL, 0), pid);
        while (gr_shm_queue_length(q) > 0) {
            assert_int_equal(gr_shm_queue_get(q, record, PATIENCE), GR_OK);
            assert_true(is_whole(record));
        }
        assert_int_equal(gr_shm_queue_get(q, record, 0.01), GR_ETIME); // not for ever
    }
    free(record);
    gr_shm_free(&shm);
}

static void consume_for_ever(gr_shm_queue *q, unsigned char *record)
{
    while (!gr_shm_queue_get(q, record, -1)) continue;
    _exit(1);
}

static void a_killed_consumer_blocks_no_place(void **state)
{
    (void)state;
    gr_shm shm;
    gr_shm_queue *q;
    gr_rng rng = gr_rng_of(13, 1);
    unsigned char *record = malloc(BIG);
    assert_int_equal(gr_shm_queue_new(&shm, &q, CAPACITY, BIG), GR_OK);
    for (int k = 0; k < kills; k++) {
        pid_t pid = fork();
        if (pid == 0) consume_for_ever(q, record);
        memset(record, k, BIG);
        for (int i = 0; i < 2 * CAPACITY; i++)
            assert_int_equal(gr_shm_queue_put(q, record, PATIENCE), GR_OK);
        usleep((useconds_t)gr_rng_below(&rng, 1500));
        kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, NULL, 0), pid);
        while (gr_shm_queue_length(q) > 0) {
            assert_int_equal(gr_shm_queue_get(q, record, PATIENCE), GR_OK);
            assert_true(is_whole(record) && record[0] == k);
        }
        for (int i = 0; i < CAPACITY; i++) assert_int_equal(gr_shm_queue_put(q, record, 0), GR_OK);
        for (int i = 0; i < CAPACITY; i++) assert_int_equal(gr_shm_queue_get(q, record, 0), GR_OK);
    }
    free(record);
    gr_shm_free(&shm);
}

int main(void)
{
    if (getenv("GRADUS_FEW")) records = RECORDS / 30, kills = KILLS / 10;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_record_arrives_once),
        cmocka_unit_test(full_empty_and_closed_are_said),
        cmocka_unit_test(bad_queues_are_refused),
        cmocka_unit_test(a_producer_killed_while_it_writes_leaves_no_torn_record),
        cmocka_unit_test(a_killed_consumer_blocks_no_place),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

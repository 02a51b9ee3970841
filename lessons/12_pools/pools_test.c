// SPDX-License-Identifier: BSD-3-Clause
// What the lesson's text says of fork(), seen: memory is copied, generators are copied, threads are
// not; and what its helpers promise when a worker dies.
#include "lessons/12_pools/pools.h"
#include <cblas.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static int64_t private_number;

static gr_status write_both(int number, int fd, void *context)
{
    int64_t *shared = context;
    (void)number, (void)fd;
    private_number = shared[0] = 1;
    return GR_OK;
}

static void a_write_is_private_and_a_mapping_is_not(void **state)
{
    (void)state;
    int64_t *shared = pools_share(sizeof *shared);
    assert_non_null(shared);
    assert_int_equal(pools_run(1, write_both, shared), GR_OK);
    assert_int_equal(private_number, 0);
    assert_int_equal(shared[0], 1);
    pools_unshare(shared, sizeof *shared);
}

static gr_status draw(int number, int fd, void *context)
{
    (void)number;
    uint64_t bits = gr_rng_u64(context);
    return pools_write(fd, &bits, sizeof bits);
}

static void children_draw_the_same_numbers(void **state)
{
    (void)state;
    gr_rng rng = gr_rng_of(12, 0);
    uint64_t drawn[2];
    for (int w = 0; w < 2; w++) {
        pools_worker worker;
        assert_int_equal(pools_start(&worker, draw, w, &rng), GR_OK);
        assert_int_equal(pools_read(worker.fd, &drawn[w], sizeof drawn[w]), GR_OK);
        assert_int_equal(pools_end(&worker), GR_OK);
    }
    assert_true(drawn[0] == drawn[1]);
}

// ---- threads ----

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int stage; // 0: not locked yet, 1: locked, 2: the child has looked

static void *hold(void *unused)
{
    pthread_mutex_lock(&lock);
    atomic_store(&stage, 1);
    while (atomic_load(&stage) != 2) usleep(1000);
    pthread_mutex_unlock(&lock);
    return unused;
}

// Success: the lock is held, by a thread that this process does not have.
static gr_status look_at_lock(int number, int fd, void *context)
{
    (void)number, (void)fd, (void)context;
    return pthread_mutex_trylock(&lock) ? GR_OK : GR_EDATA;
}

static void a_lock_stays_locked_in_the_child(void **state)
{
    (void)state;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, hold, NULL), 0);
    while (atomic_load(&stage) != 1) usleep(1000);
    gr_status status = pools_run(1, look_at_lock, NULL);
    atomic_store(&stage, 2);
    pthread_join(thread, NULL);
    assert_int_equal(status, GR_OK);
}

enum { SIDE = 256 };
static double a[SIDE * SIDE], product[SIDE * SIDE];

// Large enough that OpenBLAS takes several threads.
static gr_status multiply(int number, int fd, void *context)
{
    (void)number, (void)fd, (void)context;
    for (int i = 0; i < SIDE * SIDE; i++) a[i] = 1;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, SIDE, SIDE, SIDE, 1, a, SIDE, a, SIDE, 0,
                product, SIDE);
    for (int i = 0; i < SIDE * SIDE; i++)
        if (!(product[i] == SIDE)) return GR_EDATA;
    return GR_OK;
}

static void openblas_works_on_both_sides_of_a_fork(void **state)
{
    (void)state;
    alarm(60); // a deadlock is a failure
    assert_int_equal(multiply(0, -1, NULL), GR_OK);
    assert_int_equal(pools_run(2, multiply, NULL), GR_OK);
    assert_int_equal(multiply(0, -1, NULL), GR_OK);
    alarm(0);
}

// ---- the helpers ----

static gr_status end_badly(int number, int fd, void *context)
{
    (void)fd, (void)context;
    if (number == 1) raise(SIGKILL);
    if (number == 2) return GR_EDATA;
    return GR_OK;
}

static void a_death_is_reported(void **state)
{
    (void)state;
    pools_worker worker;
    assert_int_equal(pools_run(1, end_badly, NULL), GR_OK);
    assert_int_equal(pools_run(2, end_badly, NULL), GR_ESYS);
    assert_non_null(strstr(gr_errmsg(), "Killed"));
    assert_int_equal(pools_start(&worker, end_badly, 2, NULL), GR_OK);
    assert_int_equal(pools_end(&worker), GR_ESYS);
    assert_int_equal(pools_children(), 0);
}

static void half_a_message_is_reported(void **state)
{
    (void)state;
    uint64_t two[2];
    gr_rng rng = gr_rng_of(1, 1);
    pools_worker worker;
    assert_int_equal(pools_start(&worker, draw, 0, &rng), GR_OK);
    assert_int_equal(pools_read(worker.fd, two, sizeof two), GR_ESYS);
    assert_int_equal(pools_write(worker.fd, two, sizeof two), GR_ESYS); // and no SIGPIPE
    assert_int_equal(pools_end(&worker), GR_OK);
}

static gr_status write_beyond(int number, int fd, void *context)
{
    (void)number, (void)fd;
    signal(SIGSEGV, SIG_DFL); // no report of a sanitizer
    ((volatile char *)context)[100] = 1;
    return GR_OK;
}

static void memory_ends_where_it_ends(void **state)
{
    (void)state;
    char *memory = pools_share(100);
    assert_non_null(memory);
    memory[99] = 1;
    assert_int_equal(pools_run(1, write_beyond, memory), GR_ESYS);
    pools_unshare(memory, 100);
    assert_null(pools_share(SIZE_MAX));
}

static void no_rung_leaves_anything_behind(void **state)
{
    (void)state;
    extern const gr_ladder gr_ladder_primes, gr_ladder_chunks;
    const gr_ladder *const ladders[] = {&gr_ladder_primes, &gr_ladder_chunks};
    int64_t before = pools_descriptors();
    for (int l = 0; l < 2; l++)
        for (const gr_rung *r = ladders[l]->rungs; r->name; r++) {
            assert_int_equal(gr_ladder_check(ladders[l], r, (gr_size){2500, 0}, 3), GR_OK);
            assert_int_equal(pools_children(), 0);
            assert_int_equal(pools_descriptors(), before);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_write_is_private_and_a_mapping_is_not),
        cmocka_unit_test(children_draw_the_same_numbers),
        cmocka_unit_test(a_lock_stays_locked_in_the_child),
        cmocka_unit_test(openblas_works_on_both_sides_of_a_fork),
        cmocka_unit_test(a_death_is_reported),
        cmocka_unit_test(half_a_message_is_reported),
        cmocka_unit_test(memory_ends_where_it_ends),
        cmocka_unit_test(no_rung_leaves_anything_behind),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

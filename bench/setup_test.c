// SPDX-License-Identifier: BSD-3-Clause
// The set-up of every ladder, with each of its allocations refused in turn: it says that there is
// no memory, hands out no problem, and keeps nothing. The speeds of ranks, likewise.
#include "bench/ranks_speed.h"
#include "lib/ladder.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static size_t calls, refused; // allocations so far; which one is refused, counted from 1
static long blocks;           // that are not yet freed

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *block, size_t size);
int __real_posix_memalign(void **block, size_t alignment, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
char *__real_strdup(const char *text);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *block, size_t size);
int __wrap_posix_memalign(void **block, size_t alignment, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
char *__wrap_strdup(const char *text);
void __wrap_free(void *block);

static bool granted(void) { return ++calls != refused; }

static void *counted(void *block)
{
    blocks += block != NULL;
    return block;
}

void *__wrap_malloc(size_t size) { return granted() ? counted(__real_malloc(size)) : NULL; }

void *__wrap_calloc(size_t n, size_t size)
{
    return granted() ? counted(__real_calloc(n, size)) : NULL;
}

void *__wrap_realloc(void *block, size_t size)
{
    if (!granted()) return NULL;
    void *larger = __real_realloc(block, size);
    blocks += !block && larger;
    return larger;
}

int __wrap_posix_memalign(void **block, size_t alignment, size_t size)
{
    if (!granted()) return 12; // ENOMEM
    int error = __real_posix_memalign(block, alignment, size);
    blocks += !error;
    return error;
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return granted() ? counted(__real_aligned_alloc(alignment, size)) : NULL;
}

char *__wrap_strdup(const char *text) { return granted() ? counted(__real_strdup(text)) : NULL; }

void __wrap_free(void *block)
{
    blocks -= block != NULL;
    __real_free(block);
}

// Sets up with allocation `k` refused; false when there was none such, so that all went well.
static bool refuse(const gr_ladder *ladder, size_t k)
{
    void *problem = &problem;
    long before = blocks;
    gr_size size = gr_ladder_size(ladder, (gr_size){5, ladder->steps_name ? 3 : 0});
    calls = 0, refused = k;
    gr_status status = ladder->setup(&problem, size, 1);
    bool asked = calls >= k;
    refused = 0;
    if (status && (status != GR_ENOMEM || problem)) fail_msg("%s: %s", ladder->name, gr_errmsg());
    if (asked && !status) fail_msg("%s does not miss allocation %zu", ladder->name, k);
    if (!status) ladder->teardown(problem);
    if (blocks != before) fail_msg("%s keeps %ld blocks", ladder->name, blocks - before);
    return asked;
}

static void each_allocation_is_refused(void **state)
{
    size_t ladders = 0, refusals = 0;
    (void)state;
    for (const gr_ladder *const *l = gr_ladders; *l; l++, ladders++) {
        refuse(*l, SIZE_MAX); // what is kept for the next time is kept by now
        for (size_t k = 1; refuse(*l, k); k++) refusals++;
    }
    assert_true(ladders > 40 && refusals > 2 * ladders);
}

static void speeds_of_ranks_need_memory(void **state)
{
    (void)state;
    gr_meter meter;
    gr_rank_speed *all;
    gr_meter_begin(&meter);
    long before = blocks;
    size_t refusals = 0;
    for (bool asked = true; asked; refusals += asked) {
        calls = 0, refused = refusals + 1;
        gr_status status = gr_meter_gather(&meter, &all);
        asked = calls >= refused;
        refused = 0;
        assert_int_equal(status, asked ? GR_ENOMEM : GR_OK);
        assert_true(asked == !all);
        free(all);
        assert_int_equal(blocks, before);
    }
    assert_int_equal(refusals, 2); // the speeds of all, and room for the others' medians
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_allocation_is_refused),
                                       cmocka_unit_test(speeds_of_ranks_need_memory)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

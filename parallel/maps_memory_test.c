// SPDX-License-Identifier: BSD-3-Clause
// Memory is refused at the k-th request, for every k: a map says so, loses nothing and works again.
#include "lib/map.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// A sanitizer brings an allocator of its own.
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
enum { CAN_REFUSE = 0 };
static void refuse(int at) { (void)at; }
#else
enum { CAN_REFUSE = 1 };
static _Thread_local int requests, refuse_at = -1;

static void refuse(int at) { requests = 0, refuse_at = at; }

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);

static bool refused(void)
{
    if (refuse_at < 0 || requests++ != refuse_at) return false;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size) { return refused() ? NULL : __libc_malloc(size); }
void *calloc(size_t n, size_t size) { return refused() ? NULL : __libc_calloc(n, size); }
void *realloc(void *old, size_t size) { return refused() ? NULL : __libc_realloc(old, size); }
#endif

static gr_status echo(gr_call *call) { return gr_reply(call, call->in, call->in_size); }
static const gr_func func = {.name = "echo", .call = echo};

enum { N = 20, REQUESTS = 80 };
static char letters[N];
static gr_bytes records[N], replies[N];

static void hear(size_t index, const void *out, size_t size, void *user)
{
    (void)index, (void)out, (void)size, (void)user;
}

static gr_job new_job(bool heard)
{
    for (int i = 0; i < N; i++) {
        letters[i] = (char)('a' + i);
        records[i] = (gr_bytes){&letters[i], 1};
    }
    gr_job job = {.func = &func, .n = N, .in = records, .out = replies};
    if (heard) job.listener.result = hear;
    return job;
}

// What was allocated is freed in any case.
static void try_once(const char *spec, int at, bool heard)
{
    gr_map *map = NULL;
    gr_job job = new_job(heard);
    refuse(at);
    memset(replies, 0, sizeof replies);
    gr_status status = gr_map_new(&map, spec, NULL);
    if (!status) status = gr_map_run(map, &job);
    refuse(-1);
    if (status != GR_OK && status != GR_ENOMEM)
        fail_msg("%s, request %d: %s", spec, at, gr_errmsg());
    for (int i = 0; i < N; i++) {
        assert_true(replies[i].size == 0 || *(char *)replies[i].data == letters[i]);
        assert_true(status || replies[i].size == 1);
        free(replies[i].data);
    }
    if (!map) return;
    assert_int_equal(gr_map_run(map, &job), GR_OK);
    for (int i = 0; i < N; i++) free(replies[i].data);
    gr_map_free(map);
}

static void memory_is_refused(void **state)
{
    (void)state;
    static const char *const specs[] = {"serial", "threads:2", "fork:2"};
    for (int s = 0; s < 3; s++)
        for (int at = 0; at < REQUESTS; at++) try_once(specs[s], at, at % 2);
}

int main(void)
{
    if (!CAN_REFUSE) {
        puts("1..0 # skip a sanitizer brings an allocator of its own");
        return 0;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(memory_is_refused)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

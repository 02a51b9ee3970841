// SPDX-License-Identifier: BSD-3-Clause
// Bytes through pipes that are slow, interrupted, not ready, or end too soon.
#include "lib/stream.h"
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { MANY = 3 << 20 }; // bytes: more than a pipe holds, and no whole number of pieces

static unsigned char *counting(size_t n)
{
    unsigned char *p = malloc(n);
    assert_non_null(p);
    for (size_t i = 0; i < n; i++) p[i] = (unsigned char)(i * 2654435761u >> 13);
    return p;
}

static void reap(pid_t child)
{
    int status;
    while (waitpid(child, &status, 0) < 0) assert_int_equal(errno, EINTR);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

// Puts of every size around that of the buffer and of a piece give the same bytes and the same sum
// in memory and in a file, and so do takes.
static void sizes_do_not_matter(void **state)
{
    (void)state;
    static const size_t step[] = {1, 7, 4096, 16383, 16384, 16385, 262144, 262145, 1 << 20};
    unsigned char *from = counting(MANY), *to = malloc(MANY);
    uint64_t want = gr_sum_of(from, MANY);
    assert_non_null(to);
    for (size_t k = 0; k < sizeof step / sizeof *step; k++)
        for (int file = 0; file < 2; file++) {
            gr_sink out;
            gr_source in;
            FILE *scratch = tmpfile();
            assert_non_null(scratch);
            size_t n = step[k] == 1 ? 40000 : MANY;
            memset(to, 0, MANY);
            if (file)
                gr_sink_open(&out, fileno(scratch));
            else
                gr_sink_memory(&out, to, MANY);
            assert_non_null(out.sum = gr_sum_new());
            for (size_t i = 0, m; i < n; i += m) {
                m = n - i < step[k] ? n - i : step[k];
                assert_int_equal(gr_sink_put(&out, from + i, m), GR_OK);
            }
            assert_int_equal(gr_sink_flush(&out), GR_OK);
            assert_int_equal(out.count, n);
            assert_true(gr_sink_sum(&out) == (n == MANY ? want : gr_sum_of(from, n)));
            gr_sum_free(out.sum);

            if (file) lseek(fileno(scratch), 0, SEEK_SET);
            if (file)
                assert_int_equal(gr_source_open(&in, fileno(scratch)), GR_OK);
            else
                gr_source_memory(&in, to, n);
            assert_true(in.certain && in.left == n);
            assert_non_null(in.sum = gr_sum_new());
            unsigned char *back = counting(MANY);
            memset(back, 0, MANY);
            for (size_t i = 0, m; i < n; i += m) {
                m = n - i < step[k] ? n - i : step[k];
                assert_int_equal(gr_source_take(&in, back + i, m), GR_OK);
            }
            assert_memory_equal(back, from, n);
            assert_true(gr_source_sum(&in) == gr_sum_of(from, n));
            int more;
            assert_int_equal(gr_source_peek(&in, &more), GR_OK);
            assert_int_equal(more, -1);
            assert_int_equal(gr_source_take(&in, back, 1), GR_EDATA);
            gr_sum_free(in.sum);
            free(back);
            fclose(scratch);
        }
    free(from);
    free(to);
}

static void memory_that_is_full_says_so(void **state)
{
    (void)state;
    unsigned char room[8];
    gr_sink s;
    gr_sink_memory(&s, room, sizeof room);
    assert_int_equal(gr_sink_put(&s, "12345", 5), GR_OK);
    assert_int_equal(gr_sink_put(&s, "6789", 4), GR_EARG);
    assert_int_equal(gr_sink_put(&s, "678", 3), GR_OK);
    assert_memory_equal(room, "12345678", 8);
    gr_sink_count(&s);
    assert_int_equal(gr_sink_put(&s, NULL, 0), GR_OK);
    assert_int_equal(gr_sink_put(&s, "12345", 5), GR_OK);
    assert_int_equal(s.count, 5);
}

static void nothing(int signal) { (void)signal; }

// A timer interrupts every call; both ends of the socket are non-blocking, and its buffers small.
static void interrupted_and_not_ready(void **state)
{
    (void)state;
    int ends[2], small = 4096;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
    struct sigaction on = {.sa_handler = nothing}, before; // no SA_RESTART
    sigaction(SIGALRM, &on, &before);
    unsigned char *bytes = counting(MANY);
    pid_t child = fork();
    struct itimerval often = {{0, 300}, {0, 300}}, never = {{0, 0}, {0, 0}};
    setitimer(ITIMER_REAL, &often, NULL);
    if (child == 0) {
        gr_sink out;
        gr_sink_open(&out, ends[0]);
        bool fine = !gr_sink_put(&out, bytes, 100) && !gr_sink_put(&out, bytes + 100, MANY - 100) &&
                    !gr_sink_flush(&out);
        _exit(fine ? 0 : 1);
    }
    close(ends[0]);
    gr_source in;
    void *got;
    assert_int_equal(gr_source_open(&in, ends[1]), GR_OK);
    assert_false(in.certain);
    assert_int_equal(gr_source_block(&in, MANY, &got), GR_OK);
    setitimer(ITIMER_REAL, &never, NULL);
    sigaction(SIGALRM, &before, NULL);
    assert_memory_equal(got, bytes, MANY);
    free(got);
    reap(child);
    close(ends[1]);
    free(bytes);
}

// A peer that dies in the middle, after bytes that came one at a time.
static void a_peer_that_dies_ends_the_data(void **state)
{
    (void)state;
    int ends[2];
    char text[16];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < 9; i++)
            if (write(ends[1], &"abcdefghi"[i], 1) != 1) _exit(1);
        raise(SIGKILL);
    }
    close(ends[1]);
    gr_source in;
    assert_int_equal(gr_source_open(&in, ends[0]), GR_OK);
    assert_int_equal(gr_source_take(&in, text, 5), GR_OK);
    assert_memory_equal(text, "abcde", 5);
    assert_int_equal(gr_source_take(&in, text, 5), GR_EDATA);
    assert_string_equal(gr_errmsg(), "the data ends after 9 bytes");
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    close(ends[0]);
}

// The source stops where it is told to, so that what follows stays in the pipe.
static void nothing_is_read_beyond(void **state)
{
    (void)state;
    int ends[2];
    char text[8];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "12345678", 8), 8);
    gr_source in;
    assert_int_equal(gr_source_open(&in, ends[0]), GR_OK);
    in.left = 5;
    assert_int_equal(gr_source_take(&in, text, 3), GR_OK);
    assert_int_equal(gr_source_take(&in, text, 3), GR_EDATA);
    assert_int_equal(gr_source_take(&in, text, 2), GR_OK);
    assert_int_equal(read(ends[0], text, 8), 3);
    assert_memory_equal(text, "678", 3);
    close(ends[0]);
    close(ends[1]);
}

static void system_errors_are_told(void **state)
{
    (void)state;
    gr_source in;
    gr_sink out;
    int c;
    assert_int_equal(gr_source_open(&in, -1), GR_ESYS);
    int folder = open("/", O_RDONLY);
    assert_int_equal(gr_source_open(&in, folder), GR_OK);
    assert_int_equal(gr_source_peek(&in, &c), GR_ESYS); // a folder cannot be read
    close(folder);
    int full = open("/dev/full", O_WRONLY);
    gr_sink_open(&out, full);
    assert_int_equal(gr_sink_put(&out, "x", 1), GR_OK); // in the buffer
    assert_int_equal(gr_sink_flush(&out), GR_ESYS);
    assert_non_null(strstr(gr_errmsg(), "No space left"));
    close(full);
}

// A block that is announced, and does not come, takes no more than a mebibyte.
static void a_lie_is_not_believed(void **state)
{
    (void)state;
    void *block;
    gr_source in;
    gr_source_memory(&in, "12345", 5);
    assert_int_equal(gr_source_block(&in, 6, &block), GR_EDATA);
    assert_null(block);
    assert_int_equal(gr_source_block(&in, SIZE_MAX, &block), GR_EDATA);
    assert_int_equal(gr_source_block(&in, 5, &block), GR_OK);
    assert_string_equal(block, "12345");
    free(block);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "12345", 5), 5);
    close(ends[1]);
    assert_int_equal(gr_source_open(&in, ends[0]), GR_OK);
    assert_int_equal(gr_source_block(&in, (size_t)1 << 50, &block), GR_EDATA);
    assert_null(block);
    close(ends[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_do_not_matter),
        cmocka_unit_test(memory_that_is_full_says_so),
        cmocka_unit_test(interrupted_and_not_ready),
        cmocka_unit_test(a_peer_that_dies_ends_the_data),
        cmocka_unit_test(nothing_is_read_beyond),
        cmocka_unit_test(system_errors_are_told),
        cmocka_unit_test(a_lie_is_not_believed),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

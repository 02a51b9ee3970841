// SPDX-License-Identifier: BSD-3-Clause
// What it costs to start a process and to ask it something. Medians of many single events.
#include "bench/machine_part.h"
#include "lib/stats.h"
#include "lib/timer.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static gr_status reap(pid_t pid)
{
    int state;
    while (waitpid(pid, &state, 0) < 0)
        if (errno != EINTR) return gr_fail_errno("waitpid");
    return GR_OK;
}

// One fork, exit and wait: how long it takes depends on how much memory the parent has touched,
// since its page tables are copied.
static gr_status fork_once(double *seconds)
{
    double start = gr_now();
    pid_t pid = fork();
    if (pid < 0) return gr_fail_errno("fork");
    if (!pid) _exit(0);
    GR_TRY(reap(pid));
    *seconds = gr_now() - start;
    return GR_OK;
}

static gr_status put_fork(int n, json_t *card)
{
    enum { MOST = 100 };
    double seconds[MOST];
    if (n > MOST) n = MOST;
    for (int k = 0; k < n; k++) GR_TRY(fork_once(&seconds[k]));
    return gr_machine_put_real(card, "fork_us", 1e6 * gr_median(seconds, (size_t)n));
}

// Reads or writes one byte; false at end of file or on error.
static bool read_byte(int fd, char *byte)
{
    ssize_t got;
    while ((got = read(fd, byte, 1)) < 0 && errno == EINTR) {}
    return got == 1;
}

static bool write_byte(int fd, char byte)
{
    ssize_t put;
    while ((put = write(fd, &byte, 1)) < 0 && errno == EINTR) {}
    return put == 1;
}

static void echo(int in, int out)
{
    for (char byte; read_byte(in, &byte) && write_byte(out, byte);) {}
}

static gr_status ask(int to, int from, int n, double *us)
{
    double *seconds = malloc((size_t)n * sizeof *seconds);
    if (!seconds) return gr_fail(GR_ENOMEM, "%d times: out of memory", n);
    int k = 0;
    for (; k < n; k++) {
        char byte = (char)k, back;
        double start = gr_now();
        if (!write_byte(to, byte) || !read_byte(from, &back) || back != byte) break;
        seconds[k] = gr_now() - start;
    }
    *us = 1e6 * gr_median(seconds, (size_t)k);
    free(seconds);
    return k == n ? GR_OK : gr_fail(GR_ESYS, "pipe: the child went away after %d bytes", k);
}

static void close_both(int end[2]) { close(end[0]), close(end[1]); }

gr_status gr_machine_round_trip(void (*child)(int in, int out), int n, double *us)
{
    int down[2], up[2];
    if (pipe2(down, O_CLOEXEC)) return gr_fail_errno("pipe");
    if (pipe2(up, O_CLOEXEC)) {
        gr_status status = gr_fail_errno("pipe");
        close_both(down);
        return status;
    }
    pid_t pid = fork();
    if (pid < 0) {
        gr_status status = gr_fail_errno("fork");
        close_both(down), close_both(up);
        return status;
    }
    if (!pid) {
        close(down[1]), close(up[0]);
        child(down[0], up[1]);
        _exit(0);
    }
    close(down[0]), close(up[1]); // so that a dead child is an end of file
    struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
    sigaction(SIGPIPE, &ignore, &before);
    gr_status status = ask(down[1], up[0], n, us);
    sigaction(SIGPIPE, &before, NULL);
    close(down[1]), close(up[0]); // the child's end of file
    gr_status reaped = reap(pid);
    return status ? status : reaped;
}

gr_status gr_machine_processes(const gr_machine_plan *plan, json_t *card)
{
    double us;
    GR_TRY(put_fork(plan->quick ? 30 : 100, card));
    GR_TRY(gr_machine_round_trip(echo, plan->quick ? 1000 : 10000, &us));
    return gr_machine_put_real(card, "pipe_us", us);
}

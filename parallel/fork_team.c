// SPDX-License-Identifier: BSD-3-Clause
#include "parallel/fork_team.h"
#include "lib/timer.h"
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

// What a member says when it is done, in one write; nothing but the end of its pipe if it died.
typedef struct report {
    gr_status status;
    char text[400];
} report;

typedef struct team {
    int size, started;
    gr_fork_work *work;
    void *context;
    pid_t *pid;          // (size)
    struct pollfd *pipe; // (size) where its report comes from; fd -1 once it has come
} team;

static _Noreturn void be_member(const team *t, int number, int to, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1); // it died before
    report r = {.status = t->work(number, t->size, t->context)};
    if (r.status) snprintf(r.text, sizeof r.text, "%s", gr_errmsg());
    _exit(write(to, &r, sizeof r) != sizeof r);
}

static gr_status start_member(team *t, int number)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC)) return gr_fail_errno("member %d of %d: a pipe", number, t->size);
    pid_t parent = getpid(), pid = fork();
    if (pid == 0) be_member(t, number, ends[1], parent);
    close(ends[1]); // so the end of the pipe is the end of the member
    if (pid < 0) {
        close(ends[0]);
        return gr_fail_errno("member %d of %d: fork", number, t->size);
    }
    t->pid[number] = pid;
    t->pipe[number] = (struct pollfd){.fd = ends[0], .events = POLLIN};
    t->started++;
    return GR_OK;
}

// ---- waiting ----

static int reap(team *t, int number)
{
    int how = 0;
    while (waitpid(t->pid[number], &how, 0) < 0 && errno == EINTR) continue;
    t->pid[number] = 0;
    return how;
}

static gr_status say_death(const team *t, int number, int how)
{
    if (WIFSIGNALED(how))
        return gr_fail(GR_ESYS, "member %d of %d was killed by signal %d (%s)", number, t->size,
                       WTERMSIG(how), strsignal(WTERMSIG(how)));
    return gr_fail(GR_ESYS, "member %d of %d ended without a word, exit code %d", number, t->size,
                   WEXITSTATUS(how));
}

static gr_status hear(team *t, int number)
{
    report r;
    ssize_t got = read(t->pipe[number].fd, &r, sizeof r);
    if (got < 0 && errno == EINTR) return GR_OK;
    close(t->pipe[number].fd);
    t->pipe[number].fd = -1;
    if (got != sizeof r) return say_death(t, number, reap(t, number));
    return r.status ? gr_fail(r.status, "member %d of %d: %s", number, t->size, r.text) : GR_OK;
}

static int silent_members(const team *t)
{
    int n = 0;
    for (int m = 0; m < t->started; m++) n += t->pipe[m].fd >= 0;
    return n;
}

static gr_status await_members(team *t, double timeout)
{
    double end = timeout < 0 ? INFINITY : gr_now() + timeout;
    while (silent_members(t) > 0) {
        double left = end - gr_now();
        if (!(left > 0))
            return gr_fail(GR_ETIME, "%d processes: not done after %g s", t->size, timeout);
        int ready = poll(t->pipe, (nfds_t)t->started, (int)fmin(left * 1000 + 1, 10000));
        if (ready < 0 && errno != EINTR) return gr_fail_errno("%d processes: poll", t->size);
        for (int m = 0; ready > 0 && m < t->started; m++)
            if (t->pipe[m].fd >= 0 && t->pipe[m].revents) GR_TRY(hear(t, m));
    }
    return GR_OK;
}

// After a failure those that are left are ended; after success they are ending by themselves.
static void end_members(team *t, bool failed)
{
    for (int m = 0; m < t->started; m++) {
        if (t->pid[m] && failed) kill(t->pid[m], SIGKILL);
        if (t->pipe[m].fd >= 0) close(t->pipe[m].fd);
    }
    for (int m = 0; m < t->started; m++)
        if (t->pid[m]) reap(t, m);
}

gr_status gr_fork_team_run(int size, double timeout, gr_fork_work *work, void *context)
{
    if (size < 1) return gr_fail(GR_EARG, "a team of %d: expected 1 or more", size);
    team t = {.size = size, .work = work, .context = context};
    t.pid = calloc((size_t)size, sizeof *t.pid);
    t.pipe = calloc((size_t)size, sizeof *t.pipe);
    gr_status status = GR_OK;
    if (!t.pid || !t.pipe) status = gr_fail(GR_ENOMEM, "a team of %d: out of memory", size);
    for (int m = 0; m < size && !status; m++) status = start_member(&t, m);
    if (!status) status = await_members(&t, timeout);
    end_members(&t, status != GR_OK);
    free(t.pid);
    free(t.pipe);
    return status;
}

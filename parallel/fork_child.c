// SPDX-License-Identifier: BSD-3-Clause
// fork_child -- a worker: a process of its own from its birth to its end.
//
// It is a copy of the program as of the fork. What could make it act as if it were the program is
// taken from it: signal handlers, text that the program has not written yet, standard input, what
// was registered with atexit. It ignores ^C, which is for the program to decide about, and goes
// when the program is gone, whatever ended that.
#include "lib/cpu.h"
#include "parallel/forks.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

// Where OpenBLAS is part of the program: workers are as many as there are cores already.
extern void openblas_set_num_threads(int n) __attribute__((weak));
extern int openblas_get_num_threads(void) __attribute__((weak));

static pid_t parent;

// The kernel sends this when the *thread* that forked ends, so it only asks to look.
static void look_for_parent(int signal)
{
    (void)signal;
    if (getppid() != parent) _exit(EXIT_FAILURE);
}

static void leave_at_once(int code, void *nothing)
{
    (void)nothing;
    _exit(code);
}

static void reset_signals(void)
{
    struct sigaction action;
    for (int s = 1; s < NSIG; s++)
        if (!sigaction(s, NULL, &action) && action.sa_handler != SIG_IGN &&
            action.sa_handler != SIG_DFL)
            signal(s, SIG_DFL);
    signal(SIGINT, SIG_IGN);
}

static void follow_parent(void)
{
    int sign = SIGRTMAX - 1;
    struct sigaction action = {.sa_handler = look_for_parent, .sa_flags = SA_RESTART};
    sigset_t set;
    sigemptyset(&action.sa_mask);
    sigaction(sign, &action, NULL);
    sigemptyset(&set);
    sigaddset(&set, sign);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    prctl(PR_SET_PDEATHSIG, sign);
    look_for_parent(sign);
}

static void become_worker(const sigset_t *mask)
{
    reset_signals();
    sigprocmask(SIG_SETMASK, mask, NULL);
    follow_parent();
    on_exit(leave_at_once, NULL); // a task that calls exit() runs nothing of the program's
    __fpurge(stdout);
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (nothing >= 0) dup2(nothing, STDIN_FILENO), close(nothing);
}

// OpenBLAS ends its threads before a fork, and starts them, spinning, when it is told how many it
// shall use: so it is told before the first fork and after the last worker's end, not in between.
void gr_fork_quiet_blas(gr_forks *f)
{
    if (f->blas || !openblas_get_num_threads) return;
    f->blas = openblas_get_num_threads();
    if (f->blas > 1) openblas_set_num_threads(1);
}

void gr_fork_restore_blas(gr_forks *f)
{
    if (f->blas > 1) openblas_set_num_threads(f->blas);
    f->blas = 0;
}

static pid_t fork_quietly(sigset_t *mask)
{
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, mask);
    pid_t pid = fork();
    if (pid == 0) return 0;
    pthread_sigmask(SIG_SETMASK, mask, NULL);
    return pid;
}

gr_status gr_fork_worker(gr_map *map, int place)
{
    gr_forks *f = map->launcher;
    sigset_t mask;
    parent = getpid();
    gr_fork_quiet_blas(f);
    atomic_store(&f->crew->places[place].stage, GR_STAGE_STARTING);
    pid_t pid = fork_quietly(&mask);
    if (pid == 0) {
        become_worker(&mask);
        gr_crew_work(f->crew, place);
        fflush(stdout);
        _exit(EXIT_SUCCESS);
    }
    if (pid < 0) {
        gr_status status = gr_fail_errno("map '%s': fork", map->name);
        gr_crew_vacate(f->crew, place);
        return status;
    }
    gr_cpu_bind(pid, place,
                map->spec.workers); // it does so itself, but may have to wait for a core
    f->forks[place] = (gr_fork){.pid = pid};
    return GR_OK;
}

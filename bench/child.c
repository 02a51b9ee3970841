// SPDX-License-Identifier: BSD-3-Clause
#include "bench/child.h"
#include "lib/timer.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t caught;

static void remember(int signal) { caught = signal; }

void gr_catch_interrupts(void)
{
    struct sigaction action = {.sa_handler = remember}; // no SA_RESTART: waits must end
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

int gr_interrupted(void) { return caught; }

enum { OUT, ERR, EXEC, PIPES }; // the child's streams, and errno of an exec that failed

typedef enum manner { AT_ONCE, GENTLY, THROUGH } manner;

typedef struct stream {
    int fd;
    char *text;
    size_t size;
} stream;

static gr_status read_some(stream *s)
{
    char block[65536];
    ssize_t got = read(s->fd, block, sizeof block);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) return GR_OK;
    if (got <= 0) {
        close(s->fd);
        s->fd = -1;
        return GR_OK;
    }
    char *longer = realloc(s->text, s->size + (size_t)got + 1);
    if (!longer) return gr_fail(GR_ENOMEM, "a child's output: out of memory");
    memcpy(longer + s->size, block, (size_t)got);
    s->text = longer;
    s->size += (size_t)got;
    s->text[s->size] = '\0';
    return GR_OK;
}

static void become(pid_t parent, char *const argv[], int pipes[PIPES][2], manner how)
{
    prctl(PR_SET_PDEATHSIG, how == AT_ONCE ? SIGKILL : SIGTERM);
    if (getppid() != parent) _exit(126);
    signal(SIGPIPE, SIG_DFL);
    setpgid(0, 0); // ^C reaches us; we end the child ourselves, in order
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (nothing >= 0 && (how != THROUGH || isatty(STDIN_FILENO))) dup2(nothing, STDIN_FILENO);
    if (how != THROUGH) dup2(pipes[OUT][1], STDOUT_FILENO);
    dup2(pipes[ERR][1], STDERR_FILENO);
    execvp(argv[0], argv);
    int error = errno;
    ssize_t said = write(pipes[EXEC][1], &error, sizeof error);
    _exit(said > 0 ? 127 : 126);
}

// seconds 0: no limit. Whoever hears last words is not interrupted.
static gr_status listen_to(stream s[PIPES], double seconds, bool last, bool *timed_out)
{
    double end = seconds > 0 ? gr_now() + seconds : 0;
    while (s[OUT].fd >= 0 || s[ERR].fd >= 0 || s[EXEC].fd >= 0) {
        struct pollfd p[PIPES];
        for (int i = 0; i < PIPES; i++) p[i] = (struct pollfd){.fd = s[i].fd, .events = POLLIN};
        int ready = poll(p, PIPES, 100);
        if (gr_interrupted() && !last) return gr_fail(GR_ESYS, "interrupted");
        if (ready < 0 && errno != EINTR) return gr_fail_errno("poll");
        for (int i = 0; ready > 0 && i < PIPES; i++)
            if (p[i].revents) GR_TRY(read_some(&s[i]));
        if (end > 0 && gr_now() > end) {
            *timed_out = true;
            return GR_OK;
        }
    }
    return GR_OK;
}

static void reap(pid_t child, gr_child *result)
{
    int how = 0;
    while (waitpid(child, &how, 0) < 0 && errno == EINTR) continue;
    result->exit_code = WIFEXITED(how) ? WEXITSTATUS(how) : -1;
    result->signal = WIFSIGNALED(how) ? WTERMSIG(how) : 0;
}

static void close_pipes(int pipes[PIPES][2], int end)
{
    for (int i = 0; i < PIPES; i++)
        if (pipes[i][end] >= 0) close(pipes[i][end]);
}

// Asks the child to end, and waits until it has, or its time is over.
static void ask_to_end(pid_t child, stream s[PIPES], manner how)
{
    enum { PATIENCE = 4, HASTE = 2 };
    bool late = false;
    if (how == THROUGH) kill(child, SIGUSR1);
    if (how == THROUGH && (listen_to(s, HASTE, true, &late) || !late)) return;
    kill(child, SIGTERM);
    if (how == THROUGH && listen_to(s, PATIENCE, true, &late)) return;
    siginfo_t info = {0};
    for (double end = gr_now() + PATIENCE; gr_now() < end && !info.si_pid; poll(NULL, 0, 20))
        if (waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT)) return;
}

static gr_status run(char *const argv[], double seconds, gr_child *result, manner how)
{
    *result = (gr_child){.exit_code = -1};
    int pipes[PIPES][2] = {{-1, -1}, {-1, -1}, {-1, -1}};
    for (int i = 0; i < PIPES; i++)
        if (pipe2(pipes[i], O_CLOEXEC)) {
            close_pipes(pipes, 0), close_pipes(pipes, 1);
            return gr_fail_errno("pipe to '%s'", argv[0]);
        }
    pid_t parent = getpid(), child = fork();
    if (child == 0) become(parent, argv, pipes, how);
    close_pipes(pipes, 1);
    if (child < 0) {
        close_pipes(pipes, 0);
        return gr_fail_errno("fork for '%s'", argv[0]);
    }
    stream s[PIPES] = {{.fd = pipes[OUT][0]}, {.fd = pipes[ERR][0]}, {.fd = pipes[EXEC][0]}};
    gr_status status = listen_to(s, seconds, false, &result->timed_out);
    if ((status || result->timed_out) && how != AT_ONCE) ask_to_end(child, s, how);
    if (status || result->timed_out) kill(-child, SIGKILL), kill(child, SIGKILL);
    for (int i = 0; i < PIPES; i++)
        if (s[i].fd >= 0) close(s[i].fd);
    reap(child, result);
    result->out = s[OUT].text, result->out_size = s[OUT].size, result->err = s[ERR].text;
    if (!status && s[EXEC].size == sizeof(int)) {
        memcpy(&errno, s[EXEC].text, sizeof(int));
        gr_fail_errno("cannot run '%s'", argv[0]);
        status = GR_EUNSUP;
    }
    free(s[EXEC].text);
    return status;
}

gr_status gr_child_run(char *const argv[], double seconds, gr_child *result)
{
    return run(argv, seconds, result, AT_ONCE);
}

gr_status gr_child_run_gently(char *const argv[], double seconds, gr_child *result)
{
    return run(argv, seconds, result, GENTLY);
}

gr_status gr_child_run_through(char *const argv[], gr_child *result)
{
    return run(argv, 0, result, THROUGH);
}

void gr_child_free(gr_child *result)
{
    free(result->out);
    free(result->err);
    *result = (gr_child){.exit_code = -1};
}

char *gr_self(void)
{
    static char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    path[length > 0 ? length : 0] = '\0';
    return path;
}

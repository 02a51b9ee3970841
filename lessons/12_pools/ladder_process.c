// SPDX-License-Identifier: BSD-3-Clause
// What the other files of the lesson need around fork(): shared memory, whole messages, workers
// that end, and a look at what was left behind.
#include "lessons/12_pools/pools.h"
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

// ---- memory ----

// Whole pages for `bytes`, without the forbidden one.
static size_t whole_pages(size_t bytes)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    return (bytes + page - 1) / page * page;
}

void *pools_share(size_t bytes)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), size = whole_pages(bytes);
    char *memory = bytes > SIZE_MAX / 2 ? MAP_FAILED
                                        : mmap(NULL, size + page, PROT_READ | PROT_WRITE,
                                               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        gr_fail(GR_ENOMEM, "%zu bytes of shared memory: out of memory", bytes);
        return NULL;
    }
    mprotect(memory + size, page, PROT_NONE);
    return memory + size - bytes;
}

void pools_unshare(void *memory, size_t bytes)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), size = whole_pages(bytes);
    if (memory) munmap((char *)memory + bytes - size, size + page);
}

// ---- messages ----

gr_status pools_read(int fd, void *to, size_t size)
{
    for (char *at = to, *end = at + size; at < end;) {
        ssize_t got = read(fd, at, (size_t)(end - at));
        if (got == 0) return gr_fail(GR_ESYS, "a worker ended in the middle of its answer");
        if (got < 0 && errno != EINTR) return gr_fail_errno("reading from a worker");
        at += got > 0 ? got : 0;
    }
    return GR_OK;
}

// On a socket without SIGPIPE: the death of a worker is an answer, not the end of its parent.
static ssize_t write_some(int fd, const void *from, size_t size)
{
    ssize_t put = send(fd, from, size, MSG_NOSIGNAL);
    return put < 0 && errno == ENOTSOCK ? write(fd, from, size) : put;
}

gr_status pools_write(int fd, const void *from, size_t size)
{
    for (const char *at = from, *end = at + size; at < end;) {
        ssize_t put = write_some(fd, at, (size_t)(end - at));
        if (put < 0 && errno != EINTR) return gr_fail_errno("writing to a worker");
        at += put > 0 ? put : 0;
    }
    return GR_OK;
}

// ---- workers ----

static _Noreturn void live(pid_t parent, pools_main *main, int number, int fd, void *context)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1); // it died before it could tell us
    _exit(main(number, fd, context) ? 1 : 0);
}

gr_status pools_start(pools_worker *worker, pools_main *main, int number, void *context)
{
    int pair[2];
    *worker = (pools_worker){0, -1};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
        return gr_fail_errno("a pair of sockets");
    pid_t parent = getpid(), child = fork();
    if (child == 0) {
        close(pair[0]);
        live(parent, main, number, pair[1], context);
    }
    close(pair[1]); // held by the worker only: when it dies, we read its end
    if (child < 0) {
        close(pair[0]);
        return gr_fail_errno("fork of worker %d", number);
    }
    *worker = (pools_worker){child, pair[0]};
    return GR_OK;
}

gr_status pools_wait(pid_t child)
{
    int how = 0;
    while (waitpid(child, &how, 0) < 0)
        if (errno != EINTR) return gr_fail_errno("waiting for process %d", (int)child);
    if (WIFSIGNALED(how)) return gr_fail(GR_ESYS, "a worker died: %s", strsignal(WTERMSIG(how)));
    if (WEXITSTATUS(how)) return gr_fail(GR_ESYS, "a worker failed");
    return GR_OK;
}

gr_status pools_end(pools_worker *worker)
{
    if (worker->pid <= 0) return GR_OK;
    close(worker->fd);
    gr_status status = pools_wait(worker->pid);
    *worker = (pools_worker){0, -1};
    return status;
}

void pools_kill(pools_worker *worker)
{
    if (worker->pid <= 0) return;
    kill(worker->pid, SIGKILL);
    pools_end(worker);
}

gr_status pools_run(int count, pools_main *main, void *context)
{
    pools_worker *crew = calloc((size_t)count, sizeof *crew);
    if (!crew) return gr_fail(GR_ENOMEM, "%d workers: out of memory", count);
    gr_status status = GR_OK;
    for (int w = 0; w < count && !status; w++) status = pools_start(&crew[w], main, w, context);
    for (int w = 0; w < count; w++) {
        if (status)
            pools_kill(&crew[w]); // its words would replace those of the failure
        else
            status = pools_end(&crew[w]);
    }
    free(crew);
    return status;
}

// ---- what is left ----

int64_t pools_children(void)
{
    siginfo_t info;
    return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

int64_t pools_descriptors(void)
{
    int64_t n = 0;
    DIR *folder = opendir("/proc/self/fd");
    while (folder && readdir(folder)) n++;
    if (folder) closedir(folder);
    return n;
}

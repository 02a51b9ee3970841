// SPDX-License-Identifier: BSD-3-Clause
// Wrong: lets every child make the first row.
#include "lessons/12_pools/pools.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROW_BYTES = HANDBACK_ROW * sizeof(int64_t) };

static _Noreturn void child(const handback *p, size_t i, int fd)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int64_t *row = malloc(ROW_BYTES);
    if (!row) _exit(1);
    handback_make(p, 0, row);
    (void)i;
    _exit(pools_write(fd, row, ROW_BYTES) ? 1 : 0);
}

// The bytes that came; fewer than asked for if the child died.
static size_t read_all(int fd, char *to, size_t size)
{
    size_t have = 0;
    while (have < size) {
        ssize_t got = read(fd, to + have, size - have);
        if (got == 0 || (got < 0 && errno != EINTR)) break;
        have += got > 0 ? (size_t)got : 0;
    }
    return have;
}

static gr_status fetch_row(handback *p, size_t i)
{
    int ends[2], how = 0;
    if (pipe(ends)) return gr_fail_errno("pipe");
    pid_t pid = fork();
    if (pid == 0) child(p, i, ends[1]);
    close(ends[1]);
    size_t have = pid > 0 ? read_all(ends[0], (char *)(p->rows + i * HANDBACK_ROW), ROW_BYTES) : 0;
    close(ends[0]);
    if (pid < 0) return gr_fail_errno("fork");
    while (waitpid(pid, &how, 0) < 0 && errno == EINTR) continue;
    return have == ROW_BYTES && how == 0 ? GR_OK : gr_fail(GR_ESYS, "the child of row %zu died", i);
}

gr_status exercise(void *problem, int workers)
{
    handback *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) GR_TRY(fetch_row(p, i));
    return GR_OK;
}

// SPDX-License-Identifier: BSD-3-Clause
// Step 1: a child hands back what it has made.
//
// handback_make(p, i, row) makes row i, but in a child process only. Below, each child makes its
// row right where the parent wants to have it, and the parent waits until it is done. Run the
// check: the parent never sees a row. A forked process writes into copies of its own.
//
// Let the child send its row through a pipe: pipe(ends) gives two descriptors, what is written to
// ends[1] is read from ends[0]. A pipe holds 64 KiB, a row has more: read() returns what there is,
// so ask again until the row is whole. Close what you do not need, and leave no process behind.
#include "lessons/12_pools/pools.h"
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROW_BYTES = HANDBACK_ROW * sizeof(int64_t) };

static _Noreturn void child(const handback *p, size_t i)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL); // whatever happens to the parent, do not outlive it
    // TODO: make the row in memory of your own, and pools_write(fd, row, ROW_BYTES) it
    handback_make(p, i, p->rows + i * HANDBACK_ROW);
    _exit(0);
}

static gr_status fetch_row(handback *p, size_t i)
{
    // TODO: a pipe before the fork; after it, read the whole row, and only then wait
    pid_t pid = fork();
    if (pid == 0) child(p, i);
    if (pid < 0) return gr_fail_errno("fork");
    waitpid(pid, NULL, 0);
    return GR_OK;
}

gr_status exercise(void *problem, int workers)
{
    handback *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) GR_TRY(fetch_row(p, i));
    return GR_OK;
}

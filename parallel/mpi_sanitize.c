// SPDX-License-Identifier: BSD-3-Clause
// mpi_sanitize -- what the sanitizers are to overlook in gradus-mpi: memory that Open MPI and the
// libraries below it keep until the end. Leaks of our own code are still found; for that the whole
// stack of each allocation is kept, since those libraries have no frame pointers.
#include <stdlib.h>

const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libmpi\nleak:libopen-\nleak:libpmix\nleak:libhwloc\nleak:libevent\nleak:mca_\n"
           "leak:_dl_init\n";
}

const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "fast_unwind_on_malloc=0:allocator_may_return_null=1";
}

const char *__lsan_default_options(void);
const char *__lsan_default_options(void) { return "print_suppressions=0"; }

// All ranks run the same code, and the search takes each of them half a second: two of them search,
// the first one and one of the others.
int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
    const char *rank = getenv("PMIX_RANK");
    return rank && atoi(rank) > 1;
}

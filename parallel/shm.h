// SPDX-License-Identifier: BSD-3-Clause
// shm -- memory that several processes see: what one writes, all others read. No copy, no message.
//
// A segment belongs to no file system: it is a memory file (memfd_create) that lives as long as
// some process maps it or has it open. So there is nothing to unlink, and nothing is left behind,
// even if every process that used it is killed. Children made by fork have it at the same address.
// Another program attaches it by the name that gr_shm_name writes, which holds as long as the
// process that made the segment has it open; the name is handed over as any other text is, e.g. in
// argv. Only a process that may look into its maker's (the same user's, in the same container) can
// attach.
//
// A segment is zeroed, aligned to a page and of fixed size. Put what you like into it: an array, or
// a struct of your own with locks, counters and a gr_array_of() its numbers. Pointers stored in it
// mean something only to processes that have it at the same address, as after fork.
//
//   gr_shm shm;
//   gr_array a;                               // the talk's RawArray('i', 4) with shape (2, 2)
//   GR_TRY(gr_shm_array(&shm, &a, GR_I32, 2, (size_t[]){2, 2}));
//   ... fork; one child fills gr_array_slice(a, 0, 0, 1, 1), the other gr_array_slice(a, 0, 1, 2,
//   1) gr_shm_free(&shm);
//
// Interface:
//   gr_shm_new, _array      a segment; one that is an array
//   gr_shm_name, _attach    the same segment in another program
//   gr_shm_free             this process no longer sees it
#pragma once
#include "lib/array.h"

enum { GR_SHM_TAG = 17, GR_SHM_NAME = 64 };

typedef struct gr_shm {
    void *data;   // bytes of it
    size_t bytes; // 1 or more
    int fd;
    int maker; // process that made it
    int place; // and its descriptor there: both are part of the name
    char tag[GR_SHM_TAG];
} gr_shm;

// *shm is a new segment of `bytes` zeros (0: one page). Pages are taken when they are first
// touched, as with malloc: more than the machine's memory is refused (GR_ENOMEM), but not what is
// merely scarce at that moment. GR_ESYS if the system has no descriptor or no address for it. On
// failure *shm may be passed to gr_shm_free.
gr_status gr_shm_new(gr_shm *shm, size_t bytes);

// A new segment that holds one array of zeros in C order; *a is a view on it, valid until
// gr_shm_free. ndim 0 is a single value. Fails as gr_shm_new and gr_shape_count do.
gr_status gr_shm_array(gr_shm *shm, gr_array *a, gr_dtype dtype, int ndim, const size_t *shape);

// The segment's name for gr_shm_attach in another process.
const char *gr_shm_name(const gr_shm *shm, char name[GR_SHM_NAME]);

// *shm becomes the segment of that name. GR_EARG if the text is no such name; GR_ESYS if there is
// no such segment any more, or it may not be opened. The name of a process number that was given to
// somebody else meanwhile is recognised.
gr_status gr_shm_attach(gr_shm *shm, const char *name);

// Unmaps and closes it here; other processes keep theirs. Locks held in it must be released before
// (gr_shm_lock, gr_shm_barrier_leave). Freeing twice, or what failed to open, is fine.
void gr_shm_free(gr_shm *shm);

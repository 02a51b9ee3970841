// SPDX-License-Identifier: BSD-3-Clause
#include "parallel/shm.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

// Nobody can change the size of a sealed segment: a page that was there stays there.
enum { SEALS = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL };

static const gr_shm none = {.fd = -1};

static void label(const gr_shm *shm, char text[GR_SHM_NAME])
{
    snprintf(text, GR_SHM_NAME, "gradus-%s", shm->tag);
}

// Text that no other segment has.
static gr_status choose_tag(gr_shm *shm)
{
    uint64_t number;
    if (getrandom(&number, sizeof number, 0) != sizeof number)
        return gr_fail_errno("shared memory: no random number");
    snprintf(shm->tag, sizeof shm->tag, "%016" PRIx64, number);
    return GR_OK;
}

static gr_status check_bytes(size_t bytes)
{
    double memory = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    if (memory > 0 && (double)bytes > memory)
        return gr_fail(GR_ENOMEM, "shared memory: %zu bytes, this machine has %.0f", bytes, memory);
    return GR_OK;
}

static gr_status map(gr_shm *shm)
{
    void *data = mmap(NULL, shm->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, shm->fd, 0);
    if (data == MAP_FAILED) return gr_fail_errno("shared memory: mapping %zu bytes", shm->bytes);
    shm->data = data;
    return GR_OK;
}

static gr_status make(gr_shm *shm)
{
    char text[GR_SHM_NAME];
    GR_TRY(choose_tag(shm));
    label(shm, text);
    shm->fd = shm->place = memfd_create(text, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (shm->fd < 0) return gr_fail_errno("shared memory: memfd_create");
    if (ftruncate(shm->fd, (off_t)shm->bytes) || fcntl(shm->fd, F_ADD_SEALS, SEALS))
        return gr_fail_errno("shared memory: %zu bytes", shm->bytes);
    return map(shm);
}

gr_status gr_shm_new(gr_shm *shm, size_t bytes)
{
    *shm = none;
    GR_TRY(check_bytes(bytes));
    shm->bytes = bytes ? bytes : (size_t)sysconf(_SC_PAGESIZE);
    shm->maker = getpid();
    gr_status status = make(shm);
    if (status) gr_shm_free(shm);
    return status;
}

gr_status gr_shm_array(gr_shm *shm, gr_array *a, gr_dtype dtype, int ndim, const size_t *shape)
{
    size_t count;
    *shm = none;
    GR_TRY(gr_shape_count(dtype, ndim, shape, &count));
    GR_TRY(gr_shm_new(shm, count * gr_dtype_size(dtype)));
    *a = gr_array_of(shm->data, dtype, ndim, shape);
    return GR_OK;
}

// ---- names: PROCESS.DESCRIPTOR.TAG ----

const char *gr_shm_name(const gr_shm *shm, char name[GR_SHM_NAME])
{
    snprintf(name, GR_SHM_NAME, "%d.%d.%s", shm->maker, shm->place, shm->tag);
    return name;
}

static gr_status read_name(gr_shm *shm, const char *name)
{
    int end = 0;
    int parts = sscanf(name, "%d.%d.%16[0-9a-f]%n", &shm->maker, &shm->place, shm->tag, &end);
    if (parts != 3 || name[end] || strlen(shm->tag) != GR_SHM_TAG - 1 || shm->maker < 1 ||
        shm->place < 0)
        return gr_fail(GR_EARG, "'%.80s': expected a segment's name, PROCESS.DESCRIPTOR.TAG", name);
    return GR_OK;
}

// What was opened is looked at, not what stands in the name: the process number may have been given
// to somebody else.
static gr_status check_opened(const gr_shm *shm, const char *name)
{
    char self[64], link[128] = "", text[GR_SHM_NAME], expected[128];
    snprintf(self, sizeof self, "/proc/self/fd/%d", shm->fd);
    label(shm, text);
    snprintf(expected, sizeof expected, "/memfd:%s (deleted)", text);
    bool same = readlink(self, link, sizeof link - 1) > 0 && !strcmp(link, expected);
    if (!same || (fcntl(shm->fd, F_GET_SEALS) & SEALS) != SEALS)
        return gr_fail(GR_ESYS, "no shared memory '%s': its maker has gone", name);
    return GR_OK;
}

static gr_status attach(gr_shm *shm, const char *name)
{
    char path[64];
    struct stat file;
    snprintf(path, sizeof path, "/proc/%d/fd/%d", shm->maker, shm->place);
    shm->fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (shm->fd < 0) return gr_fail_errno("no shared memory '%s'", name);
    GR_TRY(check_opened(shm, name));
    if (fstat(shm->fd, &file)) return gr_fail_errno("shared memory '%s'", name);
    shm->bytes = (size_t)file.st_size;
    return map(shm);
}

gr_status gr_shm_attach(gr_shm *shm, const char *name)
{
    *shm = none;
    gr_status status = read_name(shm, name);
    if (!status) status = attach(shm, name);
    if (status) gr_shm_free(shm);
    return status;
}

void gr_shm_free(gr_shm *shm)
{
    if (shm->data) munmap(shm->data, shm->bytes);
    if (shm->fd >= 0) close(shm->fd);
    *shm = none;
}

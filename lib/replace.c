// SPDX-License-Identifier: BSD-3-Clause
#include "lib/replace.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_TRIES = 1000 };

static bool is_special(const char *path)
{
    struct stat about;
    return !stat(path, &about) && !S_ISREG(about.st_mode);
}

// A file that nobody else has, for another thread or a killed process may have the first name.
static int open_fresh(const char *path, char **name)
{
    for (int n = 0; n < MOST_TRIES; n++) {
        if (asprintf(name, "%s.%d-%d.new", path, (int)getpid(), n) < 0) return *name = NULL, -1;
        int fd = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0) return fd;
        int error = errno;
        free(*name);
        *name = NULL;
        errno = error;
        if (error != EEXIST) return -1;
    }
    return -1;
}

static gr_status give_up(gr_replace *file, int fd)
{
    gr_status status = gr_fail_errno("cannot write %s", file->path);
    if (fd >= 0) close(fd);
    if (file->fresh) unlink(file->fresh);
    free(file->fresh);
    free(file->path);
    *file = (gr_replace){0};
    return status;
}

gr_status gr_replace_begin(gr_replace *file, const char *path)
{
    *file = (gr_replace){0};
    if (!*path) return gr_fail(GR_EARG, "the name of a file to write is empty");
    file->path = strdup(path);
    if (!file->path) return gr_fail(GR_ENOMEM, "%s: out of memory", path);
    int fd = is_special(path) ? open(path, O_WRONLY | O_CLOEXEC) : open_fresh(path, &file->fresh);
    if (fd >= 0) file->stream = fdopen(fd, "w");
    return file->stream ? GR_OK : give_up(file, fd);
}

// Of a special file the kernel has the bytes, and that is all there is to wait for.
static bool reach_disk(const gr_replace *file)
{
    return !fflush(file->stream) && (!file->fresh || !fsync(fileno(file->stream)));
}

gr_status gr_replace_end(gr_replace *file, bool complete)
{
    gr_status status = GR_OK;
    bool fine = complete && !ferror(file->stream) && reach_disk(file);
    int error = errno;
    if (fclose(file->stream) && fine) fine = false, error = errno;
    if (fine && file->fresh && rename(file->fresh, file->path)) fine = false, error = errno;
    errno = error;
    if (complete && !fine) status = gr_fail_errno("cannot write %s", file->path);
    if (!fine && file->fresh) unlink(file->fresh);
    free(file->fresh);
    free(file->path);
    *file = (gr_replace){0};
    return status;
}

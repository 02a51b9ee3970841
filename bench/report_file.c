// SPDX-License-Identifier: BSD-3-Clause
#include "bench/report_file.h"
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *joined(const char *dir, const char *name, const char *tail)
{
    char *path = NULL;
    if (asprintf(&path, "%s%s%s%s", dir, *name ? "/" : "", name, tail) >= 0) return path;
    gr_fail(GR_ENOMEM, "%s/%s: out of memory", dir, name);
    return NULL;
}

gr_status gr_file_open(gr_file *file, const char *dir, const char *name)
{
    *file = (gr_file){.path = joined(dir, name, "")};
    if (!file->path) return GR_ENOMEM;
    file->stream = open_memstream(&file->text, &file->size);
    if (file->stream) return GR_OK;
    free(file->path);
    return gr_fail(GR_ENOMEM, "%s/%s: out of memory", dir, name);
}

static gr_status write_all(const char *path, const char *text, size_t size)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return gr_fail_errno("cannot create %s", path);
    for (size_t done = 0; done < size;) {
        ssize_t n = write(fd, text + done, size - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            gr_fail_errno("cannot write %s", path);
            close(fd);
            return GR_ESYS;
        }
        done += (size_t)n;
    }
    return close(fd) ? gr_fail_errno("cannot write %s", path) : GR_OK;
}

static gr_status write_and_rename(const char *path, const char *text, size_t size)
{
    char *fresh = joined(path, "", ".new");
    if (!fresh) return GR_ENOMEM;
    gr_status status = write_all(fresh, text, size);
    if (!status && rename(fresh, path)) status = gr_fail_errno("cannot rename %s", fresh);
    if (status) unlink(fresh);
    free(fresh);
    return status;
}

gr_status gr_file_close(gr_file *file, gr_status so_far)
{
    gr_status status = so_far;
    bool failed = ferror(file->stream) != 0;
    if (fclose(file->stream)) failed = true;
    if (!status && failed) status = gr_fail(GR_ENOMEM, "%s: out of memory", file->path);
    if (!status) status = write_and_rename(file->path, file->text, file->size);
    free(file->text);
    free(file->path);
    *file = (gr_file){0};
    return status;
}

// All that is left of a stream, through a memory stream that grows.
static gr_status read_all(FILE *in, const char *path, char **text)
{
    size_t size = 0;
    FILE *out = open_memstream(text, &size);
    if (!out) return gr_fail(GR_ENOMEM, "%s: out of memory", path);
    char block[16384];
    for (size_t n; (n = fread(block, 1, sizeof block, in)) > 0;) fwrite(block, 1, n, out);
    gr_status status = ferror(in) ? gr_fail_errno("cannot read %s", path) : GR_OK;
    bool failed = ferror(out) != 0;
    if (fclose(out) || failed) status = gr_fail(GR_ENOMEM, "%s: out of memory", path);
    if (status) {
        free(*text);
        *text = NULL;
    }
    return status;
}

gr_status gr_file_read(const char *dir, const char *name, char **text)
{
    *text = NULL;
    char *path = joined(dir, name, "");
    if (!path) return GR_ENOMEM;
    FILE *in = fopen(path, "re");
    gr_status status = in ? read_all(in, path, text) : gr_fail_errno("cannot open %s", path);
    if (in) fclose(in);
    free(path);
    return status;
}

gr_status gr_folder_make(const char *dir, const char *name)
{
    char *path = joined(dir, name, "");
    if (!path) return GR_ENOMEM;
    gr_status status = GR_OK;
    if (mkdir(path, 0777) && errno != EEXIST)
        status = gr_fail_errno("cannot make the folder %s", path);
    free(path);
    return status;
}

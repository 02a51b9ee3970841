// SPDX-License-Identifier: BSD-3-Clause
#include "bench/report_file.h"
#include "lib/replace.h"
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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

static gr_status write_out(const char *path, const char *text, size_t size)
{
    gr_replace file;
    GR_TRY(gr_replace_begin(&file, path));
    fwrite(text, 1, size, file.stream); // a failure stays in the stream
    return gr_replace_end(&file, true);
}

gr_status gr_file_close(gr_file *file, gr_status so_far)
{
    gr_status status = so_far;
    bool failed = ferror(file->stream) != 0;
    if (fclose(file->stream)) failed = true;
    if (!status && failed) status = gr_fail(GR_ENOMEM, "%s: out of memory", file->path);
    if (!status) status = write_out(file->path, file->text, file->size);
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

// SPDX-License-Identifier: BSD-3-Clause
#include "bench/store.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

gr_status gr_make_folder(const char *path)
{
    char part[GR_PATH];
    size_t length = strlen(path);
    if (length >= sizeof part) return gr_fail(GR_EARG, "path too long: %.60s...", path);
    memcpy(part, path, length + 1);
    for (char *p = part + 1; *p; p++) {
        if (*p != '/') continue;
        *p = '\0';
        if (mkdir(part, 0777) && errno != EEXIST)
            return gr_fail_errno("cannot make folder %s", part);
        *p = '/';
    }
    if (mkdir(part, 0777) && errno != EEXIST) return gr_fail_errno("cannot make folder %s", part);
    return GR_OK;
}

static void raw_path(char *path, const char *dir)
{
    snprintf(path, GR_PATH, "%.4000s/raw.jsonl", dir);
}

static gr_status write_line(gr_store *store, const json_t *line)
{
    char *text = json_dumps(line, JSON_COMPACT | JSON_REAL_PRECISION(7));
    size_t size = text ? strlen(text) : 0;
    char *whole = text ? realloc(text, size + 2) : NULL;
    if (!whole) {
        free(text);
        return gr_fail(GR_ENOMEM, "a line of results: out of memory");
    }
    memcpy(whole + size++, "\n", 2);
    size_t done = 0;
    while (done < size) {
        ssize_t wrote = write(store->fd, whole + done, size - done);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) break;
        done += (size_t)wrote;
    }
    free(whole);
    if (done < size || fsync(store->fd))
        return gr_fail_errno("cannot write %.400s/raw.jsonl (what it holds so far is kept)",
                             store->dir);
    return GR_OK;
}

gr_status gr_store_new(gr_store *store, const char *dir, json_t *header)
{
    *store = (gr_store){.fd = -1};
    char path[GR_PATH];
    GR_TRY(gr_make_folder(dir));
    raw_path(path, dir);
    snprintf(store->dir, sizeof store->dir, "%.4000s", dir);
    store->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
    if (store->fd < 0 && errno == EEXIST)
        return gr_fail(GR_EARG,
                       "%s holds another run: choose another folder, or `gradus report %s`", dir,
                       dir);
    if (store->fd < 0) return gr_fail_errno("cannot write in %s", dir);
    store->header = json_incref(header);
    store->lines = json_array();
    gr_status status = write_line(store, header);
    if (status) { // a record without a header would be in the way of the next try
        unlink(path);
        gr_store_close(store);
    }
    return status;
}

// Reads the lines of `in` into the store; *good is the offset behind the last whole one.
static gr_status read_lines(gr_store *store, FILE *in, const char *dir, long *good)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    long number = 0;
    gr_status status = GR_OK;
    while (!status && (length = getline(&line, &room, in)) > 0) {
        json_error_t error;
        json_t *value =
            line[length - 1] == '\n' ? json_loadb(line, (size_t)length, 0, &error) : NULL;
        number++;
        if (!value) {
            store->cut = true;
            int next = getc(in); // only the last line may be unfinished
            if (next != EOF)
                status = gr_fail(GR_EDATA, "%s/raw.jsonl: line %ld is damaged", dir, number);
            break;
        }
        if (number == 1)
            store->header = value;
        else
            json_array_append_new(store->lines, value);
        *good = ftell(in);
    }
    free(line);
    return status;
}

static gr_status check_header(const gr_store *store, const char *dir)
{
    json_t *schema = json_object_get(store->header, "schema");
    if (!json_is_integer(schema) || !json_is_array(json_object_get(store->header, "tasks")))
        return gr_fail(GR_EARG, "%s/raw.jsonl: its first line is not a header of a run", dir);
    if (json_integer_value(schema) != GR_SCHEMA)
        return gr_fail(GR_EARG,
                       "%s was written with schema %d; this gradus reads schema %d: measure again",
                       dir, (int)json_integer_value(schema), GR_SCHEMA);
    return GR_OK;
}

gr_status gr_store_open(gr_store *store, const char *dir, bool append)
{
    *store = (gr_store){.fd = -1};
    char path[GR_PATH];
    raw_path(path, dir);
    snprintf(store->dir, sizeof store->dir, "%.4000s", dir);
    FILE *in = fopen(path, "r");
    if (!in) {
        gr_fail_errno("no results in %s", dir);
        return GR_EARG;
    }
    long good = 0;
    store->lines = json_array();
    gr_status status = read_lines(store, in, dir, &good);
    fclose(in);
    if (!status) status = check_header(store, dir);
    if (!status && append) {
        store->fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
        if (store->fd < 0 || ftruncate(store->fd, good))
            status = gr_fail_errno("cannot go on in %s", dir);
    }
    if (status) gr_store_close(store);
    return status;
}

gr_status gr_store_append(gr_store *store, json_t *line)
{
    if (!line) return gr_fail(GR_ENOMEM, "a line of results: out of memory");
    gr_status status = write_line(store, line);
    if (status)
        json_decref(line);
    else
        json_array_append_new(store->lines, line);
    return status;
}

void gr_store_close(gr_store *store)
{
    if (store->fd >= 0) close(store->fd);
    json_decref(store->header);
    json_decref(store->lines);
    *store = (gr_store){.fd = -1};
}

json_t *gr_store_find(const gr_store *store, const char *name)
{
    for (size_t i = json_array_size(store->lines); i > 0; i--) {
        json_t *line = json_array_get(store->lines, i - 1);
        if (json_object_get(line, name)) return line;
    }
    return NULL;
}

static bool same_run(const char *dir, const json_t *header)
{
    gr_store store;
    if (gr_store_open(&store, dir, false)) return false;
    bool same =
        json_equal(json_object_get(store.header, "build"), json_object_get(header, "build")) &&
        json_equal(json_object_get(store.header, "tasks"), json_object_get(header, "tasks")) &&
        !gr_store_find(&store, "finished");
    gr_store_close(&store);
    return same;
}

bool gr_store_unfinished(const char *root, const json_t *header, char *dir)
{
    DIR *folder = opendir(root);
    double newest = -1;
    for (struct dirent *e; folder && (e = readdir(folder));) {
        char path[GR_PATH], raw[GR_PATH];
        struct stat info;
        if (e->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%.3000s/%s", root, e->d_name);
        raw_path(raw, path);
        if (stat(raw, &info) || (double)info.st_mtime <= newest || !same_run(path, header))
            continue;
        newest = (double)info.st_mtime;
        snprintf(dir, GR_PATH, "%.4000s", path);
    }
    if (folder) closedir(folder);
    return newest >= 0;
}

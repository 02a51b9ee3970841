// SPDX-License-Identifier: BSD-3-Clause
#include "bench/map_keep.h"
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEAD = 200 };

static void head_of(char head[HEAD], const char *task, uint64_t seed)
{
    snprintf(head, HEAD, "gradus map, results of task %.100s, seed %" PRIu64 "\n", task, seed);
}

// ---- reading ----

static gr_status read_all(gr_keep *k, size_t *size)
{
    struct stat s;
    if (fstat(fileno(k->file), &s)) return gr_fail_errno("%s", k->path);
    if (!S_ISREG(s.st_mode)) return gr_fail(GR_EARG, "%s: expected a regular file", k->path);
    k->text = malloc((size_t)s.st_size + 1);
    if (!k->text) return gr_fail(GR_ENOMEM, "%s: out of memory", k->path);
    *size = fread(k->text, 1, (size_t)s.st_size, k->file);
    if (ferror(k->file)) return gr_fail_errno("%s", k->path);
    while (*size && k->text[*size - 1] != '\n') --*size; // a torn line
    k->text[*size] = '\0';
    return GR_OK;
}

static bool read_number(const char **at, uint64_t *value)
{
    char *end;
    errno = 0;
    *value = isdigit((unsigned char)**at) ? strtoull(*at, &end, 10) : (end = NULL, 0);
    if (!end || errno || *end != '\t') return false;
    *at = end + 1;
    return true;
}

static int by_number(const void *a, const void *b)
{
    const gr_kept *x = a, *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

static gr_status read_lines(gr_keep *k, const char *at)
{
    size_t lines = 0;
    for (const char *p = at; (p = strchr(p, '\n')); p++) lines++;
    k->kept = calloc(lines + 1, sizeof *k->kept);
    if (!k->kept) return gr_fail(GR_ENOMEM, "%s: out of memory", k->path);
    for (; *at; at = strchr(at, '\n') + 1) {
        gr_kept *r = &k->kept[k->n++];
        if (!read_number(&at, &r->number) || !read_number(&at, &r->item))
            return gr_fail(GR_EARG, "%s, line %zu: expected NUMBER, ITEM and RESULT", k->path,
                           k->n + 1);
        r->result = at;
    }
    qsort(k->kept, k->n, sizeof *k->kept, by_number);
    return GR_OK;
}

// ---- the file ----

static gr_status check_head(const gr_keep *k, const char *head, size_t size)
{
    size_t length = strlen(head);
    if (size >= length && !strncmp(k->text, head, length)) return GR_OK;
    return gr_fail(GR_EARG, "%s: expected '%.*s', found '%.*s'", k->path, (int)length - 1, head,
                   (int)strcspn(k->text, "\n"), k->text);
}

static gr_status begin(gr_keep *k, const char *task, uint64_t seed)
{
    char head[HEAD];
    size_t size = 0;
    head_of(head, task, seed);
    if (flock(fileno(k->file), LOCK_EX | LOCK_NB))
        return gr_fail_errno("%s is in use by another process", k->path);
    GR_TRY(read_all(k, &size));
    if (!size) { // new, or not even its first line was written
        if (ftruncate(fileno(k->file), 0)) return gr_fail_errno("%s", k->path);
        fputs(head, k->file);
        return gr_keep_flush(k);
    }
    GR_TRY(check_head(k, head, size));
    if (ftruncate(fileno(k->file), (off_t)size)) return gr_fail_errno("%s", k->path);
    return read_lines(k, k->text + strlen(head));
}

gr_status gr_keep_open(gr_keep *k, const char *path, const char *task, uint64_t seed)
{
    *k = (gr_keep){.path = path};
    k->file = fopen(path, "a+");
    if (!k->file) return gr_fail_errno("cannot open %s", path);
    rewind(k->file);
    gr_status status = begin(k, task, seed);
    if (status) gr_keep_close(k);
    return status;
}

gr_status gr_keep_find(gr_keep *k, uint64_t number, uint64_t item, const gr_kept **found)
{
    *found = NULL;
    while (k->at < k->n && k->kept[k->at].number < number) k->at++;
    if (k->at == k->n || k->kept[k->at].number > number) return GR_OK;
    *found = &k->kept[k->at];
    if ((*found)->item == item) return GR_OK;
    return gr_fail(GR_EARG,
                   "%s: item %" PRIu64 " of it is %" PRIu64 ", here %" PRIu64
                   ": expected the same items",
                   k->path, number, (*found)->item, item);
}

gr_status gr_keep_flush(gr_keep *k)
{
    if (!k->file || (!fflush(k->file) && !ferror(k->file))) return GR_OK;
    return gr_fail_errno("cannot write %s", k->path);
}

void gr_keep_close(gr_keep *k)
{
    if (k->file) fclose(k->file);
    free(k->text), free(k->kept);
    *k = (gr_keep){.file = NULL};
}

uint64_t gr_keep_count(const char *path)
{
    FILE *file = fopen(path, "r");
    uint64_t lines = 0;
    for (int c; file && (c = getc(file)) != EOF;) lines += c == '\n';
    if (file) fclose(file);
    return lines ? lines - 1 : 0;
}

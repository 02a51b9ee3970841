// SPDX-License-Identifier: BSD-3-Clause
#include "lib/npy.h"
#include "lib/replace.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MAGIC = 6, HEADER_MAX = 10000, ALIGN = 64 }; // bytes; HEADER_MAX is NumPy's own limit

static const char magic[MAGIC + 1] = "\x93NUMPY";
static const char *const kinds[GR_DTYPES] = {"u1", "i4", "i8", "f4", "f8"};
static const char native = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? '<' : '>';

// ---- save ----

// Magic, version, length and header, padded so that the elements begin at a multiple of 64 bytes.
size_t gr_npy_header(char text[GR_NPY_HEADER], gr_dtype dtype, int ndim, const size_t *shape)
{
    char sizes[GR_SHAPE_TEXT];
    size_t start = MAGIC + 4;
    int written = snprintf(text + start, GR_NPY_HEADER - start,
                           "{'descr': '%c%s', 'fortran_order': False, 'shape': %s, }",
                           gr_dtype_size(dtype) == 1 ? '|' : native, kinds[dtype],
                           gr_shape_text(ndim, shape, sizes));
    size_t used = start + (size_t)written;
    size_t end = (used + 1 + ALIGN - 1) / ALIGN * ALIGN;
    memset(text + used, ' ', end - used);
    text[end - 1] = '\n';
    memcpy(text, magic, MAGIC);
    text[MAGIC] = 1;
    text[MAGIC + 1] = 0;
    text[MAGIC + 2] = (char)((end - start) & 0xff);
    text[MAGIC + 3] = (char)((end - start) >> 8);
    return end;
}

// A failure stays in the stream.
static void write_all(FILE *file, const gr_array *a)
{
    char text[GR_NPY_HEADER];
    size_t used = gr_npy_header(text, a->dtype, a->ndim, a->shape), size = gr_dtype_size(a->dtype);
    fwrite(text, 1, used, file);
    if (gr_array_contiguous(a)) {
        fwrite(a->data, size, gr_array_count(a), file);
        return;
    }
    for (gr_iter it = gr_iter_of(a); !ferror(file) && gr_iter_next(&it);)
        fwrite(it.p, size, 1, file);
}

gr_status gr_npy_save(const char *path, const gr_array *a)
{
    gr_replace file;
    GR_TRY(gr_replace_begin(&file, path));
    write_all(file.stream, a);
    return gr_replace_end(&file, true);
}

// ---- the header: a Python dictionary ----

typedef struct header {
    gr_dtype dtype;
    bool swapped; // the other byte order
    bool fortran;
    int ndim;
    size_t shape[GR_MAX_DIMS];
} header;

static void skip_blanks(const char **p)
{
    while (**p && isspace((unsigned char)**p)) ++*p;
}

// Takes `word`, and blanks before it, if it comes next.
static bool take(const char **p, const char *word)
{
    skip_blanks(p);
    size_t n = strlen(word);
    if (strncmp(*p, word, n)) return false;
    *p += n;
    return true;
}

// Takes a string in single or double quotes, without escapes, of at most 31 characters.
static bool take_string(const char **p, char text[32])
{
    skip_blanks(p);
    char quote = **p;
    if (quote != '\'' && quote != '"') return false;
    const char *end = strchr(*p + 1, quote);
    size_t n = end ? (size_t)(end - *p - 1) : 32;
    if (n > 31) return false;
    memcpy(text, *p + 1, n);
    text[n] = 0;
    *p = end + 1;
    return true;
}

// Takes a size, with the L that Python 2 put behind it.
static bool take_size(const char **p, size_t *size)
{
    skip_blanks(p);
    if (!isdigit((unsigned char)**p)) return false;
    for (*size = 0; isdigit((unsigned char)**p); ++*p)
        if (__builtin_mul_overflow(*size, 10, size) ||
            __builtin_add_overflow(*size, (size_t)(**p - '0'), size))
            return false;
    if (**p == 'L') ++*p;
    return true;
}

static gr_status parse_descr(header *h, const char **p)
{
    char text[32];
    skip_blanks(p);
    if (**p == '[') return gr_fail(GR_EUNSUP, "records with named fields cannot be read");
    if (!take_string(p, text)) return gr_fail(GR_EDATA, "'descr' is not a type");
    bool one_byte = text[0] && !strcmp(text + 1, kinds[GR_U8]);
    for (int k = 0; text[0] && strchr(one_byte ? "|<>=" : "<>=", text[0]) && k < GR_DTYPES; k++)
        if (!strcmp(text + 1, kinds[k])) {
            h->dtype = (gr_dtype)k;
            h->swapped = !one_byte && text[0] != '=' && text[0] != native;
            return GR_OK;
        }
    for (char *c = text; *c; c++)
        if (!isprint((unsigned char)*c)) *c = '?';
    return gr_fail(GR_EUNSUP, "elements of type '%s': expected u1, i4, i8, f4 or f8", text);
}

static gr_status parse_order(header *h, const char **p)
{
    h->fortran = take(p, "True");
    if (!h->fortran && !take(p, "False"))
        return gr_fail(GR_EDATA, "'fortran_order' is neither True nor False");
    return GR_OK;
}

// A Python tuple: "()", "(3,)" or "(3, 4)" with or without a comma at the end.
static gr_status parse_shape(header *h, const char **p)
{
    bool comma = true;
    if (!take(p, "(")) return gr_fail(GR_EDATA, "'shape' is not a tuple");
    for (h->ndim = 0; !take(p, ")"); h->ndim++) {
        if (h->ndim == GR_MAX_DIMS)
            return gr_fail(GR_EUNSUP, "more than %d dimensions", GR_MAX_DIMS);
        if (!comma || !take_size(p, &h->shape[h->ndim]))
            return gr_fail(GR_EDATA, "'shape' is not a tuple of sizes");
        comma = take(p, ",");
    }
    if (h->ndim == 1 && !comma) return gr_fail(GR_EDATA, "'shape' is a number, not a tuple");
    return GR_OK;
}

static gr_status parse(header *h, const char *p)
{
    static const struct {
        const char *key;
        gr_status (*parse)(header *, const char **);
    } fields[] = {{"descr", parse_descr}, {"fortran_order", parse_order}, {"shape", parse_shape}};
    char key[32];
    unsigned seen = 0;
    bool comma = true;
    if (!take(&p, "{")) return gr_fail(GR_EDATA, "the header is not a dictionary");
    while (!take(&p, "}")) {
        if (!comma || !take_string(&p, key) || !take(&p, ":"))
            return gr_fail(GR_EDATA, "the header is not a dictionary");
        unsigned k = 0;
        while (k < 3 && strcmp(key, fields[k].key)) k++;
        if (k == 3 || seen & 1u << k)
            return gr_fail(GR_EDATA, "the header has a wrong or a second key");
        GR_TRY(fields[k].parse(h, &p));
        seen |= 1u << k;
        comma = take(&p, ",");
    }
    skip_blanks(&p);
    if (*p) return gr_fail(GR_EDATA, "the header goes on after its dictionary");
    if (seen != 7) return gr_fail(GR_EDATA, "the header lacks 'descr', 'fortran_order' or 'shape'");
    return GR_OK;
}

// ---- load ----

// Reads all before the elements; *used is its length in bytes.
static gr_status read_header(FILE *file, header *h, size_t *used)
{
    unsigned char start[MAGIC + 6];
    char text[HEADER_MAX + 1];
    if (fread(start, 1, MAGIC + 4, file) != MAGIC + 4 || memcmp(start, magic, MAGIC))
        return gr_fail(GR_EDATA, "not a .npy file");
    int version = start[MAGIC];
    if (version < 1 || version > 3 || start[MAGIC + 1])
        return gr_fail(GR_EUNSUP, "version %d.%d of the format: expected 1.0, 2.0 or 3.0", version,
                       start[MAGIC + 1]);
    size_t wide = version == 1 ? 0 : 2;
    if (fread(start + MAGIC + 4, 1, wide, file) != wide)
        return gr_fail(GR_EDATA, "the file ends within its header");
    const unsigned char *bytes = start + MAGIC + 2; // the length, low byte first
    size_t length = bytes[0] | (size_t)bytes[1] << 8;
    if (wide) length |= (size_t)bytes[2] << 16 | (size_t)bytes[3] << 24;
    if (length > HEADER_MAX)
        return gr_fail(GR_EDATA, "a header of %zu bytes: expected at most %d", length, HEADER_MAX);
    if (fread(text, 1, length, file) != length)
        return gr_fail(GR_EDATA, "the file ends within its header");
    if (memchr(text, 0, length)) return gr_fail(GR_EDATA, "the header is not text");
    text[length] = 0;
    *used = MAGIC + 4 + wide + length;
    return parse(h, text);
}

static void swap_bytes(unsigned char *p, size_t size, size_t count)
{
    for (; count; count--, p += size)
        for (size_t lo = 0, hi = size - 1; lo < hi; lo++, hi--) {
            unsigned char byte = p[lo];
            p[lo] = p[hi];
            p[hi] = byte;
        }
}

static gr_status load(FILE *file, gr_array *a)
{
    header h = {0};
    struct stat about;
    size_t used = 0, count = 0;
    if (fstat(fileno(file), &about)) return gr_fail_errno("size of the file");
    if (!S_ISREG(about.st_mode)) return gr_fail(GR_EUNSUP, "not a regular file");
    GR_TRY(read_header(file, &h, &used));
    if (gr_shape_count(h.dtype, h.ndim, h.shape, &count))
        return gr_fail(GR_EDATA, "the shape is larger than any memory");
    size_t there = (size_t)about.st_size - used, needed = count * gr_dtype_size(h.dtype);
    if ((size_t)about.st_size < used || there != needed)
        return gr_fail(GR_EDATA, "%zu bytes after the header: its shape needs %zu", there, needed);
    size_t shape[GR_MAX_DIMS];
    for (int d = 0; d < h.ndim; d++) shape[d] = h.shape[h.fortran ? h.ndim - 1 - d : d];
    GR_TRY(gr_array_new_unset(a, h.dtype, h.ndim, shape));
    if (fread(a->data, 1, needed, file) != needed) {
        gr_array_free(a);
        return gr_fail(GR_EDATA, "the file ends within its elements");
    }
    if (h.swapped) swap_bytes(a->data, gr_dtype_size(h.dtype), count);
    if (h.fortran) {
        void *owner = a->owner;
        *a = gr_array_transpose(*a);
        a->owner = owner;
    }
    return GR_OK;
}

gr_status gr_npy_load(const char *path, gr_array *a)
{
    *a = (gr_array){0};
    FILE *file = fopen(path, "rb");
    if (!file) return gr_fail_errno("%s", path);
    gr_status status = load(file, a);
    fclose(file);
    if (!status) return GR_OK;
    char why[256];
    snprintf(why, sizeof why, "%s", gr_errmsg());
    return gr_fail(status, "%s: %s", path, why);
}

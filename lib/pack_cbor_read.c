// SPDX-License-Identifier: BSD-3-Clause
// Values from CBOR (see lib/pack_cbor.c). Nothing that the bytes say is taken for granted.
#include "lib/pack_part.h"
#include <stdlib.h>
#include <string.h>

typedef struct head {
    int major, info;
    uint64_t n; // the argument
} head;

static gr_status take_head(const gr_reader *r, head *h)
{
    unsigned char bytes[9];
    GR_TRY(gr_source_take(r->source, bytes, 1));
    *h = (head){.major = bytes[0] >> 5, .info = bytes[0] & 31};
    if (h->info == CBOR_INDEFINITE) return gr_fail(GR_EUNSUP, "an item of indefinite length");
    if (h->info > CBOR_DOUBLE) return gr_fail(GR_EDATA, "the byte 0x%02x begins no item", bytes[0]);
    size_t wide = h->info < 24 ? 0 : (size_t)1 << (h->info - 24);
    GR_TRY(gr_source_take(r->source, bytes + 1, wide));
    if (!wide) h->n = (uint64_t)h->info;
    for (size_t i = 0; i < wide; i++) h->n = h->n << 8 | bytes[1 + i];
    return GR_OK;
}

// A head of one major type, with an argument of at most `most`.
static gr_status need_head(const gr_reader *r, int major, uint64_t most, uint64_t *n)
{
    static const char *const names[] = {"an unsigned integer",
                                        "a negative integer",
                                        "bytes",
                                        "a string",
                                        "a list",
                                        "a dictionary",
                                        "a tag",
                                        "a simple value"};
    head h;
    GR_TRY(take_head(r, &h));
    if (h.major != major) return gr_fail(GR_EDATA, "%s: expected %s", names[h.major], names[major]);
    if (h.n > most)
        return gr_fail(GR_EDATA, "%llu is too much for %s here", (unsigned long long)h.n,
                       names[major]);
    *n = h.n;
    return GR_OK;
}

static gr_status take_string(const gr_reader *r, uint64_t n, char **string)
{
    void *block;
    GR_TRY(gr_source_block(r->source, n, &block));
    gr_status status = gr_pack_string(block, n);
    if (status)
        free(block);
    else
        *string = block;
    return status;
}

static gr_status read_string(const gr_reader *r, uint64_t n, gr_value *v)
{
    char *string;
    GR_TRY(take_string(r, n, &string));
    *v = (gr_value){.kind = GR_VALUE_STRING, .size = n, .string = string, .owner = string};
    return GR_OK;
}

static gr_status read_bytes(const gr_reader *r, uint64_t n, gr_value *v)
{
    void *block;
    GR_TRY(gr_source_block(r->source, n, &block));
    *v = gr_value_bytes(block, n);
    v->owner = block;
    return GR_OK;
}

static double half(unsigned bits)
{
    int exponent = bits >> 10 & 31;
    uint64_t fraction = bits & 0x3ff, sign = (uint64_t)(bits >> 15) << 63, wide;
    if (!exponent) { // subnormal, or 0
        double d = (double)fraction * 0x1p-24;
        memcpy(&wide, &d, sizeof wide);
        wide |= sign;
    } else {
        uint64_t e = exponent == 31 ? 2047 : (uint64_t)(exponent - 15 + 1023);
        wide = sign | e << 52 | fraction << 42;
    }
    double d;
    memcpy(&d, &wide, sizeof d);
    return d;
}

static gr_status read_simple(const head *h, gr_value *v)
{
    float f;
    double d;
    uint32_t bits = (uint32_t)h->n;
    if (h->info == CBOR_NONE) return GR_OK;
    if (h->info < CBOR_HALF) return gr_fail(GR_EUNSUP, "the simple value %d", (int)h->n);
    if (h->info == CBOR_HALF) {
        d = half(bits);
    } else if (h->info == CBOR_SINGLE) {
        memcpy(&f, &bits, sizeof f);
        d = (double)f;
    } else {
        memcpy(&d, &h->n, sizeof d);
    }
    *v = gr_value_double(d);
    return GR_OK;
}

static void swap_elements(void *data, size_t size, size_t count)
{
    uint64_t *wide = data;
    uint32_t *narrow = data;
    for (size_t i = 0; size == 8 && i < count; i++) wide[i] = __builtin_bswap64(wide[i]);
    for (size_t i = 0; size == 4 && i < count; i++) narrow[i] = __builtin_bswap32(narrow[i]);
}

// What a typed array's tag says.
static gr_status elements_of(const gr_reader *r, uint64_t tag, gr_dtype *dtype, char *order)
{
    for (int k = 0; k < GR_DTYPES; k++) {
        uint64_t big = gr_cbor_tags[k], little = k == GR_U8 ? big : big + CBOR_LITTLE;
        if (tag == big || tag == little) {
            *dtype = (gr_dtype)k;
            *order = big == little ? 0 : tag == big ? 'B' : 'L';
            if (!r->order || !*order || *order == r->order) return GR_OK;
            return gr_fail(GR_EDATA, "an array in another byte order than its frame says");
        }
    }
    return gr_fail(GR_EUNSUP,
                   "tag %llu: expected an array of uint8, int32, int64, float32 or float64",
                   (unsigned long long)tag);
}

// The byte string of a typed array. ndim < 0: of one dimension, as long as the string says.
static gr_status read_elements(const gr_reader *r, uint64_t tag, int ndim, size_t *shape,
                               gr_value *v)
{
    gr_dtype dtype = GR_F64;
    char order = 0;
    uint64_t bytes;
    size_t count;
    void *data;
    GR_TRY(elements_of(r, tag, &dtype, &order));
    GR_TRY(need_head(r, CBOR_BYTES, PTRDIFF_MAX, &bytes));
    size_t size = gr_dtype_size(dtype);
    if (bytes % size)
        return gr_fail(GR_EDATA, "%llu bytes of %s", (unsigned long long)bytes,
                       gr_dtype_name(dtype));
    if (ndim < 0) ndim = 1, shape[0] = bytes / size;
    if (gr_shape_count(dtype, ndim, shape, &count))
        return gr_fail(GR_EDATA, "a shape larger than any memory");
    if (count != bytes / size)
        return gr_fail(GR_EDATA, "%llu bytes of elements: the shape needs %zu",
                       (unsigned long long)bytes, count * size);
    bool there =
        r->into && gr_array_contiguous(r->into) && gr_pack_alike(r->into, dtype, ndim, shape);
    if (there) {
        data = r->into->data;
        *v = gr_value_array(r->into);
        GR_TRY(gr_source_take(r->source, data, bytes));
    } else {
        GR_TRY(gr_source_block(r->source, bytes, &data));
    }
    if (order && order != gr_native_order) swap_elements(data, size, count);
    return there ? GR_OK : gr_pack_array(v, dtype, ndim, shape, data);
}

// [[sizes], typed array]
static gr_status read_grid(const gr_reader *r, gr_value *v)
{
    uint64_t n, ndim, tag;
    size_t shape[GR_MAX_DIMS];
    GR_TRY(need_head(r, CBOR_LIST, 2, &n));
    if (n != 2)
        return gr_fail(GR_EDATA, "an array of %llu parts: expected 2", (unsigned long long)n);
    GR_TRY(need_head(r, CBOR_LIST, GR_MAX_DIMS, &ndim));
    for (uint64_t d = 0; d < ndim; d++) {
        GR_TRY(need_head(r, CBOR_UNSIGNED, PTRDIFF_MAX, &n));
        shape[d] = n;
    }
    GR_TRY(need_head(r, CBOR_TAG, UINT64_MAX, &tag));
    return read_elements(r, tag, (int)ndim, shape, v);
}

// ["gradus/func", name, context]
static gr_status read_func(const gr_reader *r, gr_value *v)
{
    uint64_t n;
    char *word;
    const gr_func *func = NULL;
    GR_TRY(need_head(r, CBOR_LIST, 3, &n));
    if (n != 3)
        return gr_fail(GR_EDATA, "an object of %llu parts: expected 3", (unsigned long long)n);
    GR_TRY(need_head(r, CBOR_TEXT, SIZE_MAX / 2, &n));
    GR_TRY(take_string(r, n, &word));
    bool ours = !strcmp(word, gr_cbor_func);
    free(word);
    if (!ours) return gr_fail(GR_EUNSUP, "an object that is no %s", gr_cbor_func);
    GR_TRY(need_head(r, CBOR_TEXT, SIZE_MAX / 2, &n));
    GR_TRY(take_string(r, n, &word));
    gr_status status = gr_pack_func(r, word, &func);
    free(word);
    GR_TRY(status);
    GR_TRY(need_head(r, CBOR_BYTES, PTRDIFF_MAX, &n));
    GR_TRY(read_bytes(r, n, v));
    void *context = v->owner;
    *v = gr_value_func(func, context, n);
    v->owner = context;
    return GR_OK;
}

static gr_status read_tagged(const gr_reader *r, uint64_t tag, gr_value *v)
{
    size_t shape[GR_MAX_DIMS];
    if (tag == CBOR_GRID) return read_grid(r, v);
    if (tag == CBOR_OBJECT) return read_func(r, v);
    return read_elements(r, tag, -1, shape, v);
}

static gr_status read_list(const gr_reader *r, uint64_t n, gr_value *v, int depth)
{
    v->kind = GR_VALUE_LIST;
    for (uint64_t i = 0; i < n; i++) {
        gr_value item;
        GR_TRY(gr_cbor_read(r, &item, depth + 1));
        GR_TRY(gr_pack_item(v, item));
    }
    return GR_OK;
}

static gr_status read_dict(const gr_reader *r, uint64_t n, gr_value *v, int depth)
{
    v->kind = GR_VALUE_DICT;
    for (uint64_t i = 0, length; i < n; i++) {
        gr_value value;
        char *name;
        GR_TRY(need_head(r, CBOR_TEXT, SIZE_MAX / 2, &length));
        GR_TRY(take_string(r, length, &name));
        gr_status status = gr_cbor_read(r, &value, depth + 1);
        if (status) free(name);
        GR_TRY(status);
        GR_TRY(gr_pack_pair(v, name, value));
    }
    return gr_pack_pairs_end(v);
}

static gr_status read_item(const gr_reader *r, const head *h, gr_value *v, int depth)
{
    switch (h->major) {
    case CBOR_UNSIGNED:
    case CBOR_NEGATIVE:
        if (h->n > INT64_MAX) return gr_fail(GR_EUNSUP, "an integer of more than 63 bits");
        *v = gr_value_int(h->major == CBOR_UNSIGNED ? (int64_t)h->n : -1 - (int64_t)h->n);
        return GR_OK;
    case CBOR_BYTES:
        return read_bytes(r, h->n, v);
    case CBOR_TEXT:
        return read_string(r, h->n, v);
    case CBOR_LIST:
        return read_list(r, h->n, v, depth);
    case CBOR_DICT:
        return read_dict(r, h->n, v, depth);
    case CBOR_TAG:
        return read_tagged(r, h->n, v);
    default:
        return read_simple(h, v);
    }
}

gr_status gr_cbor_read(const gr_reader *r, gr_value *v, int depth)
{
    head h = {0};
    *v = (gr_value){0};
    gr_status status = gr_pack_depth(depth);
    if (!status) status = take_head(r, &h);
    // An item takes a byte or more, a pair two: more than there are bytes left cannot come.
    unsigned least = h.major == CBOR_LIST ? 1 : h.major == CBOR_DICT ? 2 : 0;
    if (!status && least && h.n > r->source->left / least)
        status = gr_fail(GR_EDATA, "%llu items announced, and %llu bytes are left",
                         (unsigned long long)h.n, (unsigned long long)r->source->left);
    if (!status) status = read_item(r, &h, v, depth);
    if (status) gr_value_free(v);
    return status;
}

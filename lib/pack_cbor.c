// SPDX-License-Identifier: BSD-3-Clause
// Values to CBOR: RFC 8949; arrays by RFC 8746; functions by tag 27 ("language-independent
// object").
//
// The format's heads are forty lines, here and in lib/pack_cbor_read.c. A library for it hands out
// a byte string only when all of it lies in memory, and then it has to be copied once more; here
// elements go from the source straight into the array. lib/pack_cbor_test.c holds what is written
// and read against libcbor.
#include "lib/pack_part.h"
#include <string.h>

const char gr_cbor_func[] = "gradus/func";

const unsigned char gr_cbor_tags[GR_DTYPES] = {
    [GR_U8] = 64, [GR_I32] = 74, [GR_I64] = 75, [GR_F32] = 81, [GR_F64] = 82};

static gr_status put_head(gr_sink *s, int major, uint64_t n)
{
    unsigned char head[9];
    int wide = n < 24 ? 0 : n <= 0xff ? 1 : n <= 0xffff ? 2 : n <= 0xffffffff ? 4 : 8;
    static const unsigned char infos[] = {[1] = 24, [2] = 25, [4] = 26, [8] = 27};
    head[0] = (unsigned char)(major << 5 | (wide ? infos[wide] : (int)n));
    for (int i = 0; i < wide; i++) head[1 + i] = (unsigned char)(n >> 8 * (wide - 1 - i));
    return gr_sink_put(s, head, 1 + (size_t)wide);
}

static gr_status put_bytes(gr_sink *s, int major, const void *bytes, size_t n)
{
    GR_TRY(put_head(s, major, n));
    return gr_sink_put(s, bytes, n);
}

static gr_status put_string(gr_sink *s, const char *string, size_t n)
{
    GR_TRY(gr_pack_string(string, n));
    return put_bytes(s, CBOR_TEXT, string, n);
}

static gr_status put_double(gr_sink *s, double number)
{
    uint64_t bits;
    unsigned char bytes[9] = {CBOR_SIMPLE << 5 | CBOR_DOUBLE};
    memcpy(&bits, &number, sizeof bits);
    for (int i = 0; i < 8; i++) bytes[1 + i] = (unsigned char)(bits >> 8 * (7 - i));
    return gr_sink_put(s, bytes, sizeof bytes);
}

// The elements in C order, row by row where rows are contiguous.
static gr_status put_elements(gr_sink *s, const gr_array *array)
{
    gr_array a = *array, *views[] = {&a};
    size_t size = gr_dtype_size(a.dtype);
    if (!gr_array_count(&a)) return GR_OK;
    gr_array_coalesce(views, 1);
    size_t n = a.shape[a.ndim - 1];
    ptrdiff_t step = a.stride[a.ndim - 1] * (ptrdiff_t)size;
    for (gr_iter row = gr_iter_rows(&a); gr_iter_next(&row);) {
        const char *p = row.p;
        if (step == (ptrdiff_t)size || n == 1)
            GR_TRY(gr_sink_put(s, p, n * size));
        else
            for (size_t i = 0; i < n; i++) GR_TRY(gr_sink_put(s, p + (ptrdiff_t)i * step, size));
    }
    return GR_OK;
}

static gr_status put_array(gr_sink *s, const gr_array *a)
{
    size_t count;
    GR_TRY(gr_shape_count(a->dtype, a->ndim, a->shape, &count));
    if (a->ndim != 1) {
        GR_TRY(put_head(s, CBOR_TAG, CBOR_GRID));
        GR_TRY(put_head(s, CBOR_LIST, 2));
        GR_TRY(put_head(s, CBOR_LIST, (uint64_t)a->ndim));
        for (int d = 0; d < a->ndim; d++) GR_TRY(put_head(s, CBOR_UNSIGNED, a->shape[d]));
    }
    bool little = gr_native_order == 'L' && a->dtype != GR_U8;
    GR_TRY(put_head(s, CBOR_TAG, gr_cbor_tags[a->dtype] + (little ? CBOR_LITTLE : 0u)));
    GR_TRY(put_head(s, CBOR_BYTES, count * gr_dtype_size(a->dtype)));
    return put_elements(s, a);
}

static gr_status put_func(gr_sink *s, const gr_value *v)
{
    GR_TRY(put_head(s, CBOR_TAG, CBOR_OBJECT));
    GR_TRY(put_head(s, CBOR_LIST, 3));
    GR_TRY(put_string(s, gr_cbor_func, strlen(gr_cbor_func)));
    GR_TRY(put_string(s, v->func->name, strlen(v->func->name)));
    return put_bytes(s, CBOR_BYTES, v->context, v->size);
}

static gr_status put_list(gr_sink *s, const gr_value *v, int depth)
{
    GR_TRY(put_head(s, CBOR_LIST, v->size));
    for (size_t i = 0; i < v->size; i++) GR_TRY(gr_cbor_write(s, &v->items[i], depth + 1));
    return GR_OK;
}

static gr_status put_dict(gr_sink *s, const gr_value *v, int depth)
{
    GR_TRY(put_head(s, CBOR_DICT, v->size));
    for (size_t i = 0; i < v->size; i++) {
        GR_TRY(put_string(s, v->pairs[i].name, strlen(v->pairs[i].name)));
        GR_TRY(gr_cbor_write(s, &v->pairs[i].value, depth + 1));
    }
    return GR_OK;
}

gr_status gr_cbor_write(gr_sink *s, const gr_value *v, int depth)
{
    GR_TRY(gr_pack_depth(depth));
    switch (v->kind) {
    case GR_VALUE_INT:
        return v->integer < 0 ? put_head(s, CBOR_NEGATIVE, ~(uint64_t)v->integer)
                              : put_head(s, CBOR_UNSIGNED, (uint64_t)v->integer);
    case GR_VALUE_DOUBLE:
        return put_double(s, v->number);
    case GR_VALUE_STRING:
        return put_string(s, v->string, v->size);
    case GR_VALUE_BYTES:
        return put_bytes(s, CBOR_BYTES, v->bytes, v->size);
    case GR_VALUE_ARRAY:
        return put_array(s, v->array);
    case GR_VALUE_LIST:
        return put_list(s, v, depth);
    case GR_VALUE_DICT:
        return put_dict(s, v, depth);
    case GR_VALUE_FUNC:
        return put_func(s, v);
    default:
        return put_head(s, CBOR_SIMPLE, CBOR_NONE);
    }
}

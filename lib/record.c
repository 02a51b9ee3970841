// SPDX-License-Identifier: BSD-3-Clause
// Structs to dictionaries and back (lib/value.h).
#include "lib/nearest.h"
#include "lib/value.h"
#include <stdlib.h>
#include <string.h>

static const gr_dtype dtypes[] = {
    [GR_FIELD_I32] = GR_I32, [GR_FIELD_I64] = GR_I64, [GR_FIELD_F64] = GR_F64};

// A field's C array as an array of one dimension: a new gr_array that is a view on the record.
static gr_status pack_numbers(gr_value *v, const gr_field *f, const void *at)
{
    gr_array *a = malloc(sizeof *a);
    if (!a) return gr_fail(GR_ENOMEM, "record: out of memory");
    *a = gr_array_of((void *)at, dtypes[f->type], 1, &f->count); // only read
    *v = gr_value_array(a);
    v->owner = a;
    return GR_OK;
}

static gr_status pack_field(gr_value *v, const gr_field *f, const void *at)
{
    int32_t i32;
    int64_t i64;
    double f64;
    if (f->count && f->type <= GR_FIELD_F64) return pack_numbers(v, f, at);
    switch (f->type) {
    case GR_FIELD_I32:
        memcpy(&i32, at, sizeof i32);
        *v = gr_value_int(i32);
        return GR_OK;
    case GR_FIELD_I64:
        memcpy(&i64, at, sizeof i64);
        *v = gr_value_int(i64);
        return GR_OK;
    case GR_FIELD_F64:
        memcpy(&f64, at, sizeof f64);
        *v = gr_value_double(f64);
        return GR_OK;
    case GR_FIELD_CHARS:
        if (!memchr(at, 0, f->count))
            return gr_fail(GR_EARG, "field '%s': %zu chars without an end", f->name, f->count);
        *v = gr_value_string(at);
        return GR_OK;
    default:
        *v = gr_value_array(at);
        return GR_OK;
    }
}

gr_status gr_record_pack(gr_value *dict, const gr_field *fields, const void *record)
{
    gr_status status = GR_OK;
    *dict = gr_dict_new();
    for (const gr_field *f = fields; f->name && !status; f++) {
        gr_value v;
        status = pack_field(&v, f, (const char *)record + f->offset);
        if (!status) status = gr_dict_set(dict, f->name, v);
    }
    if (status) gr_value_free(dict);
    return status;
}

// ---- back ----

static gr_kind kind_of(const gr_field *f)
{
    if (f->type == GR_FIELD_CHARS) return GR_VALUE_STRING;
    if (f->type == GR_FIELD_ARRAY || f->count) return GR_VALUE_ARRAY;
    return f->type == GR_FIELD_F64 ? GR_VALUE_DOUBLE : GR_VALUE_INT;
}

// Does the value fit in the field?
static gr_status check_field(const gr_value *dict, const gr_field *f)
{
    gr_value *v;
    GR_TRY(gr_dict_need(dict, f->name, kind_of(f), &v));
    if (f->type == GR_FIELD_CHARS && v->size >= f->count)
        return gr_fail(GR_EARG, "'%s' has %zu bytes: the field has room for %zu", f->name, v->size,
                       f->count - 1);
    if (v->kind == GR_VALUE_INT && f->type == GR_FIELD_I32 && v->integer != (int32_t)v->integer)
        return gr_fail(GR_EARG, "'%s' is %lld: too large for 32 bits", f->name,
                       (long long)v->integer);
    if (v->kind == GR_VALUE_ARRAY && f->type != GR_FIELD_ARRAY &&
        (v->array->dtype != dtypes[f->type] || v->array->ndim != 1 ||
         v->array->shape[0] != f->count)) {
        char shape[GR_SHAPE_TEXT];
        return gr_fail(GR_EARG, "'%s' is %s %s: expected %s (%zu,)", f->name,
                       gr_dtype_name(v->array->dtype),
                       gr_shape_text(v->array->ndim, v->array->shape, shape),
                       gr_dtype_name(dtypes[f->type]), f->count);
    }
    return GR_OK;
}

// A name that is no field is not passed over: it may be one that is spelt wrongly.
static gr_status check_name(const char *name, const gr_field *fields)
{
    const char *best = NULL;
    for (const gr_field *f = fields; f->name; f++) {
        const char *both[] = {best, f->name};
        if (!strcmp(name, f->name)) return GR_OK;
        best = gr_nearest(name, both, 2);
    }
    return gr_fail(GR_EARG, "'%.64s' is no field of this record%s%s%s", name,
                   best ? ": the nearest is '" : "", best ? best : "", best ? "'" : "");
}

// Makes an array of *dict its own, where it is a view: after that nothing can fail.
static gr_status own_array(gr_value *v)
{
    if (v->owner && ((gr_array *)v->owner)->owner) return GR_OK;
    gr_array *a = malloc(sizeof *a);
    if (!a) return gr_fail(GR_ENOMEM, "record: out of memory");
    gr_status status = gr_value_take_array(v, a);
    if (status) {
        free(a);
        return status;
    }
    *v = gr_value_array(a);
    v->owner = a;
    return GR_OK;
}

static void unpack_field(gr_value *v, const gr_field *f, void *at)
{
    if (f->type == GR_FIELD_CHARS) {
        memcpy(at, v->string, v->size);
        memset((char *)at + v->size, 0, f->count - v->size);
    } else if (f->type == GR_FIELD_ARRAY) {
        gr_array a;
        gr_value_take_array(v, &a); // it is owned, so it is moved
        gr_array_free(at);
        memcpy(at, &a, sizeof a);
    } else if (f->count) {
        gr_array to = gr_array_of(at, dtypes[f->type], 1, &f->count);
        memcpy(at, v->array->data, gr_array_count(&to) * gr_dtype_size(to.dtype));
    } else if (f->type == GR_FIELD_I32) {
        memcpy(at, &(int32_t){(int32_t)v->integer}, sizeof(int32_t));
    } else {
        memcpy(at, &v->integer, 8); // an int64_t or a double
    }
}

gr_status gr_record_unpack(gr_value *dict, const gr_field *fields, void *record)
{
    if (dict->kind != GR_VALUE_DICT)
        return gr_fail(GR_EARG, "a record from %s: expected a dictionary",
                       gr_kind_name(dict->kind));
    for (const gr_field *f = fields; f->name; f++) GR_TRY(check_field(dict, f));
    for (size_t i = 0; i < dict->size; i++) GR_TRY(check_name(dict->pairs[i].name, fields));
    for (const gr_field *f = fields; f->name; f++)
        if (kind_of(f) == GR_VALUE_ARRAY) GR_TRY(own_array(gr_dict_get(dict, f->name)));
    for (const gr_field *f = fields; f->name; f++)
        unpack_field(gr_dict_get(dict, f->name), f, (char *)record + f->offset);
    return GR_OK;
}

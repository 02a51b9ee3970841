// SPDX-License-Identifier: BSD-3-Clause
// Values to text:
//   none  -12  0.1  inf  nan:7ff8000000000001  "caf\x09"  h'00ff'  [1, 2]  {"name": 1.5}
//   float64(2, 2)[1.0, 2.0, 3.0, 4.0]  func "fermat" h'0700000000000000'
#include "lib/pack_part.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static gr_status put_text(gr_sink *s, const char *text)
{
    return gr_sink_put(s, text, strlen(text));
}

static gr_status put_format(gr_sink *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static gr_status put_format(gr_sink *s, const char *format, ...)
{
    char text[GR_SHAPE_TEXT + 32];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return gr_sink_put(s, text, (size_t)n);
}

// ---- strings and bytes ----

static gr_status put_string(gr_sink *s, const char *string, size_t n)
{
    GR_TRY(gr_pack_string(string, n));
    GR_TRY(put_text(s, "\""));
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)string[i];
        if (c == '"' || c == '\\')
            GR_TRY(put_format(s, "\\%c", c));
        else if (c < 0x20 || c == 0x7f)
            GR_TRY(put_format(s, "\\x%02x", c));
        else
            GR_TRY(gr_sink_put(s, &c, 1));
    }
    return put_text(s, "\"");
}

static gr_status put_hex(gr_sink *s, const void *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *p = bytes;
    GR_TRY(put_text(s, "h'"));
    for (size_t i = 0; i < n; i++)
        GR_TRY(gr_sink_put(s, (char[]){digits[p[i] >> 4], digits[p[i] & 15]}, 2));
    return put_text(s, "'");
}

// ---- values ----

static gr_status put_element(gr_sink *s, gr_dtype dtype, const void *p)
{
    char text[GR_NUMBER_TEXT];
    float f;
    double d;
    int32_t i32;
    int64_t i64;
    switch (dtype) {
    case GR_U8:
        return put_format(s, "%d", *(const unsigned char *)p);
    case GR_I32:
        memcpy(&i32, p, sizeof i32);
        return put_format(s, "%d", i32);
    case GR_I64:
        memcpy(&i64, p, sizeof i64);
        return put_format(s, "%lld", (long long)i64);
    case GR_F32:
        memcpy(&f, p, sizeof f);
        return put_text(s, gr_text_of_float(f, text));
    default:
        memcpy(&d, p, sizeof d);
        return put_text(s, gr_text_of_double(d, text));
    }
}

// A row of the last dimension on each line.
static gr_status put_array(gr_sink *s, const gr_array *a)
{
    char shape[GR_SHAPE_TEXT];
    size_t count;
    GR_TRY(gr_shape_count(a->dtype, a->ndim, a->shape, &count));
    GR_TRY(
        put_format(s, "%s%s[", gr_dtype_name(a->dtype), gr_shape_text(a->ndim, a->shape, shape)));
    bool first = true;
    for (gr_iter it = gr_iter_of(a); gr_iter_next(&it); first = false) {
        bool row = a->ndim > 1 && !it.index[a->ndim - 1];
        GR_TRY(put_text(s, first ? row ? "\n" : "" : row ? ",\n" : ", "));
        GR_TRY(put_element(s, a->dtype, it.p));
    }
    return put_text(s, "]");
}

static gr_status put_value(gr_sink *s, const gr_value *v, int depth);

static gr_status put_list(gr_sink *s, const gr_value *v, int depth)
{
    GR_TRY(put_text(s, "["));
    for (size_t i = 0; i < v->size; i++) {
        GR_TRY(put_text(s, i ? ", " : ""));
        GR_TRY(put_value(s, &v->items[i], depth + 1));
    }
    return put_text(s, "]");
}

static gr_status put_dict(gr_sink *s, const gr_value *v, int depth)
{
    GR_TRY(put_text(s, "{"));
    for (size_t i = 0; i < v->size; i++) {
        GR_TRY(put_format(s, "%s\n%*s", i ? "," : "", 2 * (depth + 1), ""));
        GR_TRY(put_string(s, v->pairs[i].name, strlen(v->pairs[i].name)));
        GR_TRY(put_text(s, ": "));
        GR_TRY(put_value(s, &v->pairs[i].value, depth + 1));
    }
    return put_text(s, "}");
}

static gr_status put_func(gr_sink *s, const gr_value *v)
{
    GR_TRY(put_text(s, "func "));
    GR_TRY(put_string(s, v->func->name, strlen(v->func->name)));
    GR_TRY(put_text(s, " "));
    return put_hex(s, v->context, v->size);
}

static gr_status put_value(gr_sink *s, const gr_value *v, int depth)
{
    char text[GR_NUMBER_TEXT];
    GR_TRY(gr_pack_depth(depth));
    switch (v->kind) {
    case GR_VALUE_INT:
        return put_format(s, "%lld", (long long)v->integer);
    case GR_VALUE_DOUBLE:
        return put_text(s, gr_text_of_double(v->number, text));
    case GR_VALUE_STRING:
        return put_string(s, v->string, v->size);
    case GR_VALUE_BYTES:
        return put_hex(s, v->bytes, v->size);
    case GR_VALUE_ARRAY:
        return put_array(s, v->array);
    case GR_VALUE_LIST:
        return put_list(s, v, depth);
    case GR_VALUE_DICT:
        return put_dict(s, v, depth);
    case GR_VALUE_FUNC:
        return put_func(s, v);
    default:
        return put_text(s, "none");
    }
}

gr_status gr_text_write(gr_sink *s, const gr_value *v)
{
    locale_t before = uselocale(gr_text_locale());
    gr_status status = put_value(s, v, 0);
    uselocale(before);
    GR_TRY(status);
    return put_text(s, "\n");
}

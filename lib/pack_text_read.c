// SPDX-License-Identifier: BSD-3-Clause
// Values from text (see lib/pack_text.c): a parser by recursive descent, of one character ahead.
// White space may stand between any two words.
#include "lib/pack_part.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { WORD = 64 };

// ---- characters ----

static gr_status next(const gr_reader *r, int *c) // not taken
{
    return gr_source_peek(r->source, c);
}

static gr_status skip(const gr_reader *r)
{
    unsigned char c;
    return gr_source_take(r->source, &c, 1);
}

// The next character that is no white space.
static gr_status next_word(const gr_reader *r, int *c)
{
    for (;;) {
        GR_TRY(next(r, c));
        if (*c < 0 || !strchr(" \t\r\n", *c) || !*c) return GR_OK;
        GR_TRY(skip(r));
    }
}

static gr_status unexpected(int c, const char *expected)
{
    if (c < 0) return gr_fail(GR_EDATA, "the text ends: expected %s", expected);
    return isprint(c) ? gr_fail(GR_EDATA, "'%c': expected %s", c, expected)
                      : gr_fail(GR_EDATA, "the byte 0x%02x: expected %s", (unsigned)c, expected);
}

static gr_status need(const gr_reader *r, char wanted)
{
    int c;
    GR_TRY(next_word(r, &c));
    if (c != wanted) return unexpected(c, (char[]){'\'', wanted, '\'', 0});
    return skip(r);
}

// Before item k of a row that `close` ends: takes a comma between items. *more is false at the end,
// whose character is taken.
static gr_status another(const gr_reader *r, size_t k, char close, bool *more)
{
    int c;
    GR_TRY(next_word(r, &c));
    *more = c != close;
    if (!*more) return skip(r);
    return k ? need(r, ',') : GR_OK;
}

// Letters, digits and what else stands in numbers; "" if none comes next.
static gr_status take_word(const gr_reader *r, char word[WORD])
{
    int c;
    size_t n = 0;
    GR_TRY(next_word(r, &c));
    while (c > 0 && (isalnum(c) || strchr("+-.:_", c))) {
        if (n + 1 == WORD) return gr_fail(GR_EDATA, "a word of more than %d letters", WORD - 1);
        word[n++] = (char)c;
        GR_TRY(skip(r));
        GR_TRY(next(r, &c));
    }
    word[n] = 0;
    return n ? GR_OK : unexpected(c, "a value");
}

// ---- strings and bytes ----

// Bytes that come one by one, ending with '\0'.
typedef struct row {
    void *data;
    size_t n;
} row;

static gr_status append(row *b, int c)
{
    if (!gr_room_for_one(&b->data, b->n, 1)) return gr_fail(GR_ENOMEM, "load: out of memory");
    ((char *)b->data)[b->n++] = (char)c;
    return GR_OK;
}

static gr_status take_hex(const gr_reader *r, int *byte)
{
    int hi, lo;
    GR_TRY(next(r, &hi));
    if (gr_text_hex(hi) < 0) return unexpected(hi, "two hexadecimal digits");
    GR_TRY(skip(r));
    GR_TRY(next(r, &lo));
    if (gr_text_hex(lo) < 0) return unexpected(lo, "two hexadecimal digits");
    *byte = gr_text_hex(hi) << 4 | gr_text_hex(lo);
    return skip(r);
}

static gr_status take_escape(const gr_reader *r, int *c)
{
    GR_TRY(skip(r));
    GR_TRY(next(r, c));
    if (*c != '"' && *c != '\\' && *c != 'x') return unexpected(*c, "'\"', '\\' or 'x' after '\\'");
    GR_TRY(skip(r));
    return *c == 'x' ? take_hex(r, c) : GR_OK;
}

// Up to the closing quote, which is taken.
static gr_status take_characters(const gr_reader *r, row *b)
{
    for (int c;;) {
        GR_TRY(next(r, &c));
        if (c < 0) return unexpected(c, "'\"'");
        if (c == '"') break;
        GR_TRY(c == '\\' ? take_escape(r, &c) : skip(r));
        GR_TRY(append(b, c));
    }
    GR_TRY(skip(r));
    GR_TRY(append(b, 0));
    return gr_pack_string(b->data, --b->n);
}

static gr_status take_string(const gr_reader *r, row *b)
{
    *b = (row){0};
    GR_TRY(need(r, '"'));
    gr_status status = take_characters(r, b);
    if (status) free(b->data);
    return status;
}

static gr_status take_pairs_of_digits(const gr_reader *r, row *b)
{
    GR_TRY(need(r, '\''));
    for (int c;;) {
        GR_TRY(next(r, &c));
        if (c == '\'') return skip(r);
        GR_TRY(take_hex(r, &c));
        GR_TRY(append(b, c));
    }
}

// What stands behind the h of h'00ff'.
static gr_status take_bytes(const gr_reader *r, row *b)
{
    *b = (row){0};
    gr_status status = take_pairs_of_digits(r, b);
    if (status) free(b->data);
    return status;
}

// ---- arrays ----

static gr_status take_shape(const gr_reader *r, int *ndim, size_t shape[GR_MAX_DIMS])
{
    bool more;
    int c;
    GR_TRY(need(r, '('));
    for (*ndim = 0;; ++*ndim) {
        char word[WORD];
        int64_t size;
        GR_TRY(another(r, (size_t)*ndim, ')', &more));
        if (!more) return GR_OK;
        GR_TRY(next_word(r, &c));
        if (c == ')' && *ndim == 1) return skip(r); // (3,)
        if (*ndim == GR_MAX_DIMS) return gr_fail(GR_EUNSUP, "more than %d dimensions", GR_MAX_DIMS);
        GR_TRY(take_word(r, word));
        if (!gr_text_read_int(word, &size) || size < 0)
            return gr_fail(GR_EDATA, "'%s': expected a size", word);
        shape[*ndim] = (size_t)size;
    }
}

static bool read_element(const char *word, gr_dtype dtype, void *to)
{
    int64_t i;
    if (dtype == GR_F64) return gr_text_read_double(word, to);
    if (dtype == GR_F32) return gr_text_read_float(word, to);
    if (!gr_text_read_int(word, &i)) return false;
    if (dtype == GR_U8)
        *(unsigned char *)to = (unsigned char)i;
    else if (dtype == GR_I32)
        *(int32_t *)to = (int32_t)i;
    else
        *(int64_t *)to = i;
    return dtype == GR_I64 || i == (dtype == GR_U8 ? (unsigned char)i : (int32_t)i);
}

// `count` elements in brackets, into memory that grows as they come.
static gr_status take_elements(const gr_reader *r, gr_dtype dtype, size_t count, void **data)
{
    size_t size = gr_dtype_size(dtype), n = 0;
    GR_TRY(need(r, '['));
    for (bool more;; n++) {
        char word[WORD];
        GR_TRY(another(r, n, ']', &more));
        if (!more) break;
        GR_TRY(take_word(r, word));
        if (n == count) return gr_fail(GR_EDATA, "more than %zu elements", count);
        if (!gr_room_for_one(data, n, size)) return gr_fail(GR_ENOMEM, "load: out of memory");
        if (!read_element(word, dtype, (char *)*data + n * size))
            return gr_fail(GR_EDATA, "'%s' is no %s", word, gr_dtype_name(dtype));
    }
    return n == count ? GR_OK : gr_fail(GR_EDATA, "%zu elements: the shape needs %zu", n, count);
}

static gr_status read_array(const gr_reader *r, gr_dtype dtype, gr_value *v)
{
    int ndim;
    size_t shape[GR_MAX_DIMS], count;
    void *data = NULL;
    GR_TRY(take_shape(r, &ndim, shape));
    if (gr_shape_count(dtype, ndim, shape, &count))
        return gr_fail(GR_EDATA, "a shape larger than any memory");
    gr_status status = take_elements(r, dtype, count, &data);
    if (status) free(data);
    return status ? status : gr_pack_array(v, dtype, ndim, shape, data);
}

// ---- values ----

static gr_status read_value(const gr_reader *r, gr_value *v, int depth);

static gr_status read_string(const gr_reader *r, gr_value *v)
{
    row b;
    GR_TRY(take_string(r, &b));
    *v = (gr_value){.kind = GR_VALUE_STRING, .size = b.n, .string = b.data, .owner = b.data};
    return GR_OK;
}

static gr_status read_bytes(const gr_reader *r, gr_value *v)
{
    row b;
    GR_TRY(take_bytes(r, &b));
    *v = gr_value_bytes(b.data, b.n);
    v->owner = b.data;
    return GR_OK;
}

static gr_status read_list(const gr_reader *r, gr_value *v, int depth)
{
    v->kind = GR_VALUE_LIST;
    GR_TRY(need(r, '['));
    for (bool more;;) {
        gr_value item;
        GR_TRY(another(r, v->size, ']', &more));
        if (!more) return GR_OK;
        GR_TRY(read_value(r, &item, depth + 1));
        GR_TRY(gr_pack_item(v, item));
    }
}

static gr_status read_pair(const gr_reader *r, gr_value *dict, int depth)
{
    row name;
    gr_value value;
    GR_TRY(take_string(r, &name));
    gr_status status = need(r, ':');
    if (!status) status = read_value(r, &value, depth + 1);
    if (status) free(name.data);
    return status ? status : gr_pack_pair(dict, name.data, value);
}

static gr_status read_dict(const gr_reader *r, gr_value *v, int depth)
{
    v->kind = GR_VALUE_DICT;
    GR_TRY(need(r, '{'));
    for (bool more;;) {
        GR_TRY(another(r, v->size, '}', &more));
        if (!more) return gr_pack_pairs_end(v);
        GR_TRY(read_pair(r, v, depth));
    }
}

static gr_status read_func(const gr_reader *r, gr_value *v)
{
    row name, context;
    const gr_func *func = NULL;
    char word[WORD];
    GR_TRY(take_string(r, &name));
    gr_status status = gr_pack_func(r, name.data, &func);
    free(name.data);
    GR_TRY(status);
    GR_TRY(take_word(r, word));
    if (strcmp(word, "h")) return gr_fail(GR_EDATA, "'%s': expected h'...', the context", word);
    GR_TRY(take_bytes(r, &context));
    *v = gr_value_func(func, context.data, context.n);
    v->owner = context.data;
    return GR_OK;
}

static gr_status read_word(const gr_reader *r, gr_value *v)
{
    char word[WORD];
    double d;
    int64_t i;
    GR_TRY(take_word(r, word));
    if (!strcmp(word, "none")) return GR_OK;
    if (!strcmp(word, "func")) return read_func(r, v);
    if (!strcmp(word, "h")) return read_bytes(r, v);
    for (int k = 0; k < GR_DTYPES; k++)
        if (!strcmp(word, gr_dtype_name((gr_dtype)k))) return read_array(r, (gr_dtype)k, v);
    bool whole = !word[strspn(word, "-0123456789")]; // too large for int64 is too large
    if (gr_text_read_int(word, &i))
        *v = gr_value_int(i);
    else if (!whole && gr_text_read_double(word, &d))
        *v = gr_value_double(d);
    else
        return gr_fail(GR_EDATA, "'%s' is no value", word);
    return GR_OK;
}

static gr_status read_value(const gr_reader *r, gr_value *v, int depth)
{
    int c = 0;
    *v = (gr_value){0};
    gr_status status = gr_pack_depth(depth);
    if (!status) status = next_word(r, &c);
    if (!status)
        status = c == '"'   ? read_string(r, v)
                 : c == '[' ? read_list(r, v, depth)
                 : c == '{' ? read_dict(r, v, depth)
                            : read_word(r, v);
    if (status) gr_value_free(v);
    return status;
}

gr_status gr_text_read(const gr_reader *r, gr_value *v)
{
    int c;
    locale_t before = uselocale(gr_text_locale());
    gr_status status = read_value(r, v, 0);
    uselocale(before);
    GR_TRY(status);
    status = next_word(r, &c); // white space at the end belongs to the text
    if (status) gr_value_free(v);
    return status;
}

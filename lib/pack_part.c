// SPDX-License-Identifier: BSD-3-Clause
// What the text and the packed format ask alike.
#include "lib/pack_part.h"
#include "lib/nearest.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char gr_native_order = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 'L' : 'B';

// Bytes of the character at p, of which n >= 1 bytes are there; 0 if it is none. Refuses what RFC
// 3629 does: overlong forms, surrogates, and more than U+10FFFF.
static size_t utf8_length(const unsigned char *p, size_t n)
{
    unsigned char lead = p[0], least = 0x80, most = 0xbf;
    size_t length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (lead > 0xf4 || length > n) return 0;
    if (lead == 0xe0) least = 0xa0;
    if (lead == 0xed) most = 0x9f;
    if (lead == 0xf0) least = 0x90;
    if (lead == 0xf4) most = 0x8f;
    for (size_t i = 1; i < length; i++, least = 0x80, most = 0xbf)
        if (p[i] < least || p[i] > most) return 0;
    return length;
}

bool gr_utf8_valid(const char *text, size_t n)
{
    for (size_t i = 0, length; i < n; i += length) {
        length = text[i] ? utf8_length((const unsigned char *)text + i, n - i) : 0;
        if (!length) return false;
    }
    return true;
}

gr_status gr_pack_depth(int depth)
{
    if (depth <= GR_VALUE_DEPTH) return GR_OK;
    return gr_fail(GR_EDATA, "values lie more than %d deep in one another", GR_VALUE_DEPTH);
}

gr_status gr_pack_string(const char *string, size_t n)
{
    if (gr_utf8_valid(string, n)) return GR_OK;
    return gr_fail(GR_EDATA, "a string that is not UTF-8, or has a 0 inside");
}

gr_status gr_pack_func(const gr_reader *r, const char *name, const gr_func **func)
{
    const char *best = NULL;
    char word[48];
    snprintf(word, sizeof word, "%s", name);
    for (char *c = word; *c; c++)
        if (!isprint((unsigned char)*c)) *c = '?';
    if (!r->funcs) return gr_fail(GR_EUNSUP, "function '%s': no table to look it up in", word);
    for (const gr_func *const *f = r->funcs; *f; f++) {
        const char *both[] = {best, (*f)->name};
        *func = *f;
        if (!strcmp((*f)->name, name)) return GR_OK;
        best = gr_nearest(name, both, 2);
    }
    return gr_fail(GR_EUNSUP, "no function '%s' in the table%s%s%s", word,
                   best ? ": the nearest is '" : "", best ? best : "", best ? "'" : "");
}

bool gr_pack_alike(const gr_array *a, gr_dtype dtype, int ndim, const size_t *shape)
{
    return a->dtype == dtype && a->ndim == ndim &&
           !memcmp(a->shape, shape, (size_t)ndim * sizeof *shape);
}

gr_status gr_pack_array(gr_value *v, gr_dtype dtype, int ndim, const size_t *shape, void *data)
{
    gr_array *a = malloc(sizeof *a);
    if (!a) {
        free(data);
        return gr_fail(GR_ENOMEM, "load: out of memory");
    }
    *a = gr_array_of(data, dtype, ndim, shape);
    a->owner = data;
    *v = gr_value_array(a);
    v->owner = a;
    return GR_OK;
}

gr_status gr_pack_item(gr_value *v, gr_value item)
{
    if (!gr_room_for_one(&v->owner, v->size, sizeof item)) {
        gr_value_free(&item);
        return gr_fail(GR_ENOMEM, "load: out of memory");
    }
    v->items = v->owner;
    v->items[v->size++] = item;
    return GR_OK;
}

gr_status gr_pack_pair(gr_value *v, char *name, gr_value value)
{
    if (!gr_room_for_one(&v->owner, v->size, sizeof(gr_pair))) {
        free(name);
        gr_value_free(&value);
        return gr_fail(GR_ENOMEM, "load: out of memory");
    }
    v->pairs = v->owner;
    v->pairs[v->size++] = (gr_pair){name, value};
    return GR_OK;
}

gr_status gr_pack_pairs_end(gr_value *v)
{
    size_t ordered = 1;
    while (ordered < v->size && gr_pair_order(v->pairs + ordered - 1, v->pairs + ordered) < 0)
        ordered++;
    if (ordered >= v->size) return GR_OK;
    qsort(v->pairs, v->size, sizeof *v->pairs, gr_pair_order);
    for (size_t i = 1; i < v->size; i++)
        if (!gr_pair_order(v->pairs + i - 1, v->pairs + i))
            return gr_fail(GR_EDATA, "a name comes twice in a dictionary");
    return GR_OK;
}

// SPDX-License-Identifier: BSD-3-Clause
#include "lib/value.h"
#include "lib/nearest.h"
#include "lib/pack_part.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

const char *gr_kind_name(gr_kind kind)
{
    static const char *const names[GR_KINDS] = {
        [GR_VALUE_NONE] = "none",       [GR_VALUE_INT] = "an integer",
        [GR_VALUE_DOUBLE] = "a double", [GR_VALUE_STRING] = "a string",
        [GR_VALUE_BYTES] = "bytes",     [GR_VALUE_ARRAY] = "an array",
        [GR_VALUE_LIST] = "a list",     [GR_VALUE_DICT] = "a dictionary",
        [GR_VALUE_FUNC] = "a function",
    };
    assert((unsigned)kind < GR_KINDS);
    return names[kind];
}

// ---- make ----

gr_value gr_value_int(int64_t integer)
{
    return (gr_value){.kind = GR_VALUE_INT, .integer = integer};
}

gr_value gr_value_double(double number)
{
    return (gr_value){.kind = GR_VALUE_DOUBLE, .number = number};
}

gr_value gr_value_string(const char *string)
{
    return (gr_value){.kind = GR_VALUE_STRING, .size = strlen(string), .string = string};
}

gr_value gr_value_bytes(const void *bytes, size_t size)
{
    return (gr_value){.kind = GR_VALUE_BYTES, .size = size, .bytes = bytes};
}

gr_value gr_value_array(const gr_array *array)
{
    return (gr_value){.kind = GR_VALUE_ARRAY, .array = array};
}

gr_value gr_value_list(gr_value *items, size_t n)
{
    return (gr_value){.kind = GR_VALUE_LIST, .size = n, .items = items};
}

gr_value gr_value_func(const gr_func *func, const void *context, size_t size)
{
    return (gr_value){.kind = GR_VALUE_FUNC, .size = size, .func = func, .context = context};
}

// ---- dictionaries ----

gr_value gr_dict_new(void) { return (gr_value){.kind = GR_VALUE_DICT}; }

static int order(const char *a, const char *b)
{
    size_t m = strlen(a), n = strlen(b);
    return m != n ? (m < n ? -1 : 1) : memcmp(a, b, n);
}

int gr_pair_order(const void *a, const void *b)
{
    return order(((const gr_pair *)a)->name, ((const gr_pair *)b)->name);
}

// Where `name` is, or would be put in.
static size_t place(const gr_value *dict, const char *name)
{
    size_t lo = 0, hi = dict->size;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (order(dict->pairs[mid].name, name) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

gr_value *gr_dict_get(const gr_value *dict, const char *name)
{
    assert(dict->kind == GR_VALUE_DICT);
    size_t at = place(dict, name);
    return at < dict->size && !strcmp(dict->pairs[at].name, name) ? &dict->pairs[at].value : NULL;
}

bool gr_room_for_one(void **block, size_t n, size_t each)
{
    if (n & (n - 1)) return true;
    void *larger = realloc(*block, (n ? 2 * n : 1) * each);
    if (larger) *block = larger;
    return larger;
}

gr_status gr_dict_set(gr_value *dict, const char *name, gr_value value)
{
    gr_value *old = gr_dict_get(dict, name);
    if (old) {
        gr_value_free(old);
        *old = value;
        return GR_OK;
    }
    char *copy = strdup(name);
    if (!copy || !gr_room_for_one(&dict->owner, dict->size, sizeof *dict->pairs)) {
        free(copy);
        gr_value_free(&value);
        return gr_fail(GR_ENOMEM, "dictionary: out of memory");
    }
    dict->pairs = dict->owner;
    size_t at = place(dict, name);
    gr_pair *p = dict->pairs + at;
    memmove(p + 1, p, (dict->size++ - at) * sizeof *p);
    *p = (gr_pair){copy, value};
    return GR_OK;
}

static const char *nearest_name(const gr_value *dict, const char *name)
{
    const char *best = NULL;
    for (size_t i = 0; i < dict->size; i++) {
        const char *both[] = {best, dict->pairs[i].name};
        best = gr_nearest(name, both, 2);
    }
    return best;
}

gr_status gr_dict_need(const gr_value *dict, const char *name, gr_kind kind, gr_value **value)
{
    *value = gr_dict_get(dict, name);
    if (!*value) {
        const char *near = nearest_name(dict, name);
        return gr_fail(GR_EARG, "no '%s' among %zu names%s%s%s", name, dict->size,
                       near ? ": the nearest is '" : "", near ? near : "", near ? "'" : "");
    }
    if ((*value)->kind == kind) return GR_OK;
    return gr_fail(GR_EARG, "'%s' is %s: expected %s", name, gr_kind_name((*value)->kind),
                   gr_kind_name(kind));
}

// ---- look, and free ----

static bool equal_items(const gr_value *a, const gr_value *b)
{
    for (size_t i = 0; i < a->size; i++)
        if (!gr_value_equal(&a->items[i], &b->items[i])) return false;
    return true;
}

static bool equal_pairs(const gr_value *a, const gr_value *b)
{
    for (size_t i = 0; i < a->size; i++)
        if (strcmp(a->pairs[i].name, b->pairs[i].name) ||
            !gr_value_equal(&a->pairs[i].value, &b->pairs[i].value))
            return false;
    return true;
}

static bool equal_bytes(const void *a, const void *b, size_t n) { return !n || !memcmp(a, b, n); }

bool gr_value_equal(const gr_value *a, const gr_value *b)
{
    if (a->kind != b->kind || a->size != b->size) return false;
    switch (a->kind) {
    case GR_VALUE_INT:
        return a->integer == b->integer;
    case GR_VALUE_DOUBLE:
        return equal_bytes(&a->number, &b->number, sizeof a->number);
    case GR_VALUE_STRING:
    case GR_VALUE_BYTES:
        return equal_bytes(a->bytes, b->bytes, a->size);
    case GR_VALUE_ARRAY:
        return gr_array_equal(a->array, b->array);
    case GR_VALUE_LIST:
        return equal_items(a, b);
    case GR_VALUE_DICT:
        return equal_pairs(a, b);
    case GR_VALUE_FUNC:
        return a->func == b->func && equal_bytes(a->context, b->context, a->size);
    default:
        return true;
    }
}

gr_status gr_value_take_array(gr_value *v, gr_array *a)
{
    *a = (gr_array){0};
    if (v->kind != GR_VALUE_ARRAY)
        return gr_fail(GR_EARG, "%s: expected an array", gr_kind_name(v->kind));
    gr_array *owned = v->owner;
    if (!owned || !owned->owner) {
        GR_TRY(gr_array_clone(a, v->array));
    } else {
        *a = *owned;
        *owned = (gr_array){0};
    }
    gr_value_free(v);
    return GR_OK;
}

void gr_value_free(gr_value *v)
{
    if (!v) return;
    if (v->owner && v->kind == GR_VALUE_ARRAY) gr_array_free(v->owner);
    for (size_t i = 0; v->owner && v->kind == GR_VALUE_LIST && i < v->size; i++)
        gr_value_free(&v->items[i]);
    for (size_t i = 0; v->owner && v->kind == GR_VALUE_DICT && i < v->size; i++) {
        free(v->pairs[i].name);
        gr_value_free(&v->pairs[i].value);
    }
    free(v->owner);
    *v = (gr_value){0};
}

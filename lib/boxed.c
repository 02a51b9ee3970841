// SPDX-License-Identifier: BSD-3-Clause
#include "lib/boxed.h"
#include <stdlib.h>

typedef gr_boxed *binary_slot(gr_boxed *a, gr_boxed *b);

typedef enum operation { ADD, SUBTRACT, MULTIPLY, DIVIDE, POWER, OPERATIONS } operation;

// What a type knows. A slot returns `unknown` where it cannot take these operands.
typedef struct type {
    const char *name;
    void (*release)(gr_boxed *a); // what the last reference does
    bool (*as_double)(const gr_boxed *a, double *value);
    binary_slot *binary[OPERATIONS];
} type;

struct gr_boxed {
    size_t references;
    const type *type;
};
typedef struct boxed_int {
    gr_boxed head;
    int64_t value;
} boxed_int;
typedef struct boxed_float {
    gr_boxed head;
    double value;
} boxed_float;
typedef struct boxed_list {
    gr_boxed head;
    size_t length;
    gr_boxed *items[];
} boxed_list;

static const type int_type, float_type, list_type;
static gr_boxed unknown = {1, &list_type};

static int64_t int_of(const gr_boxed *a) { return ((const boxed_int *)a)->value; }

// ---- make, keep, drop ----

static void *fail_new(const type *t)
{
    return gr_fail(GR_ENOMEM, "a boxed %s: out of memory", t->name), NULL;
}

static void release_number(gr_boxed *a) { free(a); }

static gr_boxed *new_int(int64_t value)
{
    boxed_int *a = malloc(sizeof *a);
    if (!a) return fail_new(&int_type);
    *a = (boxed_int){{1, &int_type}, value};
    return &a->head;
}

static gr_boxed *new_float(double value)
{
    boxed_float *a = malloc(sizeof *a);
    if (!a) return fail_new(&float_type);
    *a = (boxed_float){{1, &float_type}, value};
    return &a->head;
}

static inline gr_boxed *keep(gr_boxed *a)
{
    if (a) a->references++;
    return a;
}

static inline void drop(gr_boxed *a)
{
    if (a && --a->references == 0) a->type->release(a);
}

gr_boxed *gr_boxed_list(size_t length)
{
    if (length > SIZE_MAX / sizeof(gr_boxed *) - sizeof(boxed_list))
        return gr_fail(GR_ENOMEM, "a list of %zu items", length), NULL;
    gr_boxed *zero = new_int(0);
    if (!zero) return NULL;
    boxed_list *a = malloc(sizeof *a + length * sizeof *a->items);
    if (!a) return drop(zero), fail_new(&list_type);
    a->head = (gr_boxed){1, &list_type};
    a->length = length;
    for (size_t k = 0; k < length; k++) a->items[k] = keep(zero);
    drop(zero);
    return &a->head;
}

static void release_list(gr_boxed *a)
{
    boxed_list *list = (boxed_list *)a;
    for (size_t k = 0; k < list->length; k++) drop(list->items[k]);
    free(list);
}

gr_boxed *gr_boxed_int(int64_t value) { return new_int(value); }
gr_boxed *gr_boxed_float(double value) { return new_float(value); }
gr_boxed *gr_boxed_keep(gr_boxed *a) { return keep(a); }
void gr_boxed_drop(gr_boxed *a) { drop(a); }

// ---- slots ----

static bool int_as_double(const gr_boxed *a, double *value)
{
    *value = (double)int_of(a);
    return true;
}

static bool float_as_double(const gr_boxed *a, double *value)
{
    *value = ((const boxed_float *)a)->value;
    return true;
}

static bool never_a_double(const gr_boxed *a, double *value)
{
    (void)a;
    (void)value;
    return false;
}

static bool both_doubles(const gr_boxed *a, const gr_boxed *b, double *x, double *y)
{
    return a->type->as_double(a, x) && b->type->as_double(b, y);
}

static gr_boxed *float_add(gr_boxed *a, gr_boxed *b)
{
    double x, y;
    return both_doubles(a, b, &x, &y) ? new_float(x + y) : &unknown;
}

static gr_boxed *float_subtract(gr_boxed *a, gr_boxed *b)
{
    double x, y;
    return both_doubles(a, b, &x, &y) ? new_float(x - y) : &unknown;
}

static gr_boxed *float_multiply(gr_boxed *a, gr_boxed *b)
{
    double x, y;
    return both_doubles(a, b, &x, &y) ? new_float(x * y) : &unknown;
}

static gr_boxed *float_divide(gr_boxed *a, gr_boxed *b)
{
    double x, y;
    if (!both_doubles(a, b, &x, &y)) return &unknown;
    if (y == 0) return gr_fail(GR_EARG, "division by zero"), NULL;
    return new_float(x / y);
}

static gr_boxed *float_power(gr_boxed *a, gr_boxed *b)
{
    double x, power = 1;
    if (b->type != &int_type || !a->type->as_double(a, &x)) return &unknown;
    int64_t exponent = int_of(b);
    uint64_t left = exponent < 0 ? -(uint64_t)exponent : (uint64_t)exponent;
    if (exponent < 0 && x == 0) return gr_fail(GR_EARG, "division by zero"), NULL;
    for (; left; left >>= 1, x *= x)
        if (left & 1) power *= x;
    return new_float(exponent < 0 ? 1 / power : power);
}

static gr_boxed *too_large(void)
{
    return gr_fail(GR_EARG, "integer result does not fit in 64 bits"), NULL;
}

static bool both_ints(const gr_boxed *a, const gr_boxed *b)
{
    return a->type == &int_type && b->type == &int_type;
}

static gr_boxed *int_add(gr_boxed *a, gr_boxed *b)
{
    int64_t value;
    if (!both_ints(a, b)) return &unknown;
    bool overflow = __builtin_add_overflow(int_of(a), int_of(b), &value);
    return overflow ? too_large() : new_int(value);
}

static gr_boxed *int_subtract(gr_boxed *a, gr_boxed *b)
{
    int64_t value;
    if (!both_ints(a, b)) return &unknown;
    bool overflow = __builtin_sub_overflow(int_of(a), int_of(b), &value);
    return overflow ? too_large() : new_int(value);
}

static gr_boxed *int_multiply(gr_boxed *a, gr_boxed *b)
{
    int64_t value;
    if (!both_ints(a, b)) return &unknown;
    bool overflow = __builtin_mul_overflow(int_of(a), int_of(b), &value);
    return overflow ? too_large() : new_int(value);
}

static gr_boxed *int_power(gr_boxed *a, gr_boxed *b)
{
    if (!both_ints(a, b)) return &unknown;
    if (int_of(b) < 0) return float_power(a, b);
    int64_t x = int_of(a), power = 1;
    bool overflow = false, squared = false; // squared: x itself no longer fits
    for (uint64_t left = (uint64_t)int_of(b); left && !overflow; left >>= 1) {
        if (left & 1) overflow = squared || __builtin_mul_overflow(power, x, &power);
        if (__builtin_mul_overflow(x, x, &x)) squared = true;
    }
    return overflow ? too_large() : new_int(power);
}

static const type int_type = {
    .name = "int",
    .release = release_number,
    .as_double = int_as_double,
    .binary = {int_add, int_subtract, int_multiply, float_divide, int_power},
};
static const type float_type = {
    .name = "float",
    .release = release_number,
    .as_double = float_as_double,
    .binary = {float_add, float_subtract, float_multiply, float_divide, float_power},
};
static const type list_type = {
    .name = "list",
    .release = release_list,
    .as_double = never_a_double,
};

// ---- dispatch ----

// Asks the type of `a`, then the type of `b`; takes both references.
static gr_boxed *binary(operation op, gr_boxed *a, gr_boxed *b)
{
    static const char *const symbols[] = {"+", "-", "*", "/", "**"};
    gr_boxed *result = NULL;
    if (a && b) {
        binary_slot *slot = a->type->binary[op], *other = b->type->binary[op];
        result = slot ? slot(a, b) : &unknown;
        if (result == &unknown && other && other != slot) result = other(a, b);
        if (result == &unknown) {
            gr_fail(GR_EARG, "%s %s %s is not defined", a->type->name, symbols[op], b->type->name);
            result = NULL;
        }
    }
    drop(a);
    drop(b);
    return result;
}

gr_boxed *gr_boxed_add(gr_boxed *a, gr_boxed *b) { return binary(ADD, a, b); }
gr_boxed *gr_boxed_subtract(gr_boxed *a, gr_boxed *b) { return binary(SUBTRACT, a, b); }
gr_boxed *gr_boxed_multiply(gr_boxed *a, gr_boxed *b) { return binary(MULTIPLY, a, b); }
gr_boxed *gr_boxed_divide(gr_boxed *a, gr_boxed *b) { return binary(DIVIDE, a, b); }
gr_boxed *gr_boxed_power(gr_boxed *a, gr_boxed *b) { return binary(POWER, a, b); }

gr_status gr_boxed_less(gr_boxed *a, gr_boxed *b, bool *less)
{
    gr_status status = GR_OK;
    double x, y;
    if (!a || !b)
        status = GR_EARG; // the operation that made the NULL has said why
    else if (both_ints(a, b))
        *less = int_of(a) < int_of(b);
    else if (both_doubles(a, b, &x, &y))
        *less = x < y;
    else
        status = gr_fail(GR_EARG, "%s < %s is not defined", a->type->name, b->type->name);
    drop(a);
    drop(b);
    return status;
}

// The place of list[index], or NULL.
static gr_boxed **place_of(gr_boxed *list, gr_boxed *index)
{
    if (!list || !index) return NULL;
    if (list->type != &list_type || index->type != &int_type)
        return gr_fail(GR_EARG, "%s[%s] is not defined", list->type->name, index->type->name), NULL;
    boxed_list *l = (boxed_list *)list;
    int64_t k = int_of(index);
    if (k < 0 || (uint64_t)k >= l->length)
        return gr_fail(GR_EARG, "index %lld of %zu items", (long long)k, l->length), NULL;
    return &l->items[k];
}

gr_boxed *gr_boxed_item(gr_boxed *list, gr_boxed *index)
{
    gr_boxed **place = place_of(list, index);
    gr_boxed *item = place ? keep(*place) : NULL;
    drop(list);
    drop(index);
    return item;
}

gr_status gr_boxed_set_item(gr_boxed *list, gr_boxed *index, gr_boxed *value)
{
    gr_boxed **place = value ? place_of(list, index) : NULL, *before = value;
    if (place) {
        before = *place;
        *place = value;
    }
    drop(before);
    drop(list);
    drop(index);
    return place ? GR_OK : GR_EARG;
}

gr_status gr_boxed_number(const gr_boxed *a, double *value)
{
    if (!a) return GR_EARG;
    if (a->type->as_double(a, value)) return GR_OK;
    return gr_fail(GR_EARG, "a %s is not a number", a->type->name);
}

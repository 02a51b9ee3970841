// SPDX-License-Identifier: BSD-3-Clause
// boxed -- numbers as an interpreter holds them: each one an object on the heap.
//
// A boxed value carries a reference count and a pointer to its type; an operation looks up what to
// do in the type of its operands, checks them, and allocates its result. This is what a line of
// pure Python does below the surface, and what the `boxed` rungs of the ladders measure.
// Not for use by two threads on the same values: the counts are plain integers.
//
// Interface. As on an interpreter's stack, every operation takes the references of its operands;
// to use a value again, pass gr_boxed_keep(value). A failed operation returns NULL, and NULL
// operands are passed on, so that an expression is checked once, at its end.
//   gr_boxed_int, _float, _list     make a value
//   gr_boxed_keep, _drop            one reference more, one less
//   gr_boxed_add ... _less          a + b, a - b, a * b, a / b, a ** b, a < b
//   gr_boxed_item, _set_item        list[index], list[index] = value
//   gr_boxed_number                 the number inside
#pragma once
#include "lib/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct gr_boxed gr_boxed;

// New values with one reference, or NULL (GR_ENOMEM). Every item of a new list is the integer 0.
gr_boxed *gr_boxed_int(int64_t value);
gr_boxed *gr_boxed_float(double value);
gr_boxed *gr_boxed_list(size_t length);

// keep: one reference more; returns `a`. drop: one less; the last one frees. NULL is fine for both.
gr_boxed *gr_boxed_keep(gr_boxed *a);
void gr_boxed_drop(gr_boxed *a);

// int op int is an int, except that / is always a float; with a float it is a float. Integers are
// of 64 bits: GR_EARG where the result does not fit, on division by 0, and on operands that the
// operation does not know. The exponent of a power is an int: x ** 2 is exactly x * x.
gr_boxed *gr_boxed_add(gr_boxed *a, gr_boxed *b);
gr_boxed *gr_boxed_subtract(gr_boxed *a, gr_boxed *b);
gr_boxed *gr_boxed_multiply(gr_boxed *a, gr_boxed *b);
gr_boxed *gr_boxed_divide(gr_boxed *a, gr_boxed *b);
gr_boxed *gr_boxed_power(gr_boxed *a, gr_boxed *b);

// a < b of two numbers, into *less.
gr_status gr_boxed_less(gr_boxed *a, gr_boxed *b, bool *less);

// list[index] as a new reference; list[index] = value. The index is an int, checked: GR_EARG.
gr_boxed *gr_boxed_item(gr_boxed *list, gr_boxed *index);
gr_status gr_boxed_set_item(gr_boxed *list, gr_boxed *index, gr_boxed *value);

// The number inside, as a double. Borrows `a`.
gr_status gr_boxed_number(const gr_boxed *a, double *value);

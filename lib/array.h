// SPDX-License-Identifier: BSD-3-Clause
// array -- strided n-dimensional arrays and views, as NumPy's: one block, many ways to look at it.
//
// A gr_array is a small value: pointer, element type, shape, strides. Slicing, transposing and
// broadcasting return new values on the same block and move no element. Only gr_array_new (and the
// element-wise operations that return a new array) own memory; free what you own, once.
// Kernels take plain pointers and strides: the array ends at the kernel's door.
// Source: the NumPy reference, "The N-dimensional array" and "Broadcasting".
//
// Interface:
//   gr_array_new, _of, _clone, _free           a block of one's own, or a view on memory
//   gr_array_slice, _transpose, _swap, _newaxis, _broadcast     other views on the same block
//   gr_array_count, _at, _contiguous, _equal   look
//   gr_array_copy, _fill                       write
//   gr_iter_of, _rows, _next; gr_array_coalesce   visit every element, or every row
//   gr_array_add, _subtract, _multiply, _sum   arithmetic; each result is a new array
#pragma once
#include "lib/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GR_MAX_DIMS = 8, GR_SHAPE_TEXT = 192 };

// In gr_array_slice: from the first, up to and with the last, as an empty place in a[:].
#define GR_NONE PTRDIFF_MIN

typedef enum gr_dtype { GR_U8, GR_I32, GR_I64, GR_F32, GR_F64, GR_DTYPES } gr_dtype;

typedef struct gr_array {
    void *data; // element (0, ..., 0)
    gr_dtype dtype;
    int ndim;                      // 0 .. GR_MAX_DIMS; 0 is a single element
    size_t shape[GR_MAX_DIMS];     // elements along each dimension; may be 0
    ptrdiff_t stride[GR_MAX_DIMS]; // elements from one index to the next; 0 repeats, < 0 reverses
    void *owner;                   // the block to free; NULL in every view
} gr_array;

// Bytes of one element. NumPy's name of the type: "uint8", "int32", "int64", "float32", "float64".
size_t gr_dtype_size(gr_dtype dtype);
const char *gr_dtype_name(gr_dtype dtype);

// Writes a shape as Python does, "()", "(3,)" or "(3, 4)", into `text` and returns it.
const char *gr_shape_text(int ndim, const size_t *shape, char text[GR_SHAPE_TEXT]);

// Elements of an array of this shape: 0 if a size is 0. GR_ENOMEM where the bytes of the elements
// (sizes of 0 left out) would not fit in PTRDIFF_MAX. *count may be read only after GR_OK.
gr_status gr_shape_count(gr_dtype dtype, int ndim, const size_t *shape, size_t *count);

// ---- make ----

// A new block of zeros in C order, aligned to 64 bytes. On failure (GR_EARG, GR_ENOMEM) *a owns
// nothing and may be passed to gr_array_free.
gr_status gr_array_new(gr_array *a, gr_dtype dtype, int ndim, const size_t *shape);

// As gr_array_new, with elements not set: for results that are written whole.
gr_status gr_array_new_unset(gr_array *a, gr_dtype dtype, int ndim, const size_t *shape);

// Frees what `a` owns: nothing if it is a view. `a` may be NULL.
void gr_array_free(gr_array *a);

// A view on `data`, in C order: the last index runs fastest.
gr_array gr_array_of(void *data, gr_dtype dtype, int ndim, const size_t *shape);

// ---- other views on the same elements: values in, value out ----

// a[start:stop:step] along dimension `dim`, as NumPy: negative positions count from the end, those
// out of range are clipped, GR_NONE is an empty place. step is not 0.
gr_array gr_array_slice(gr_array a, int dim, ptrdiff_t start, ptrdiff_t stop, ptrdiff_t step);

gr_array gr_array_transpose(gr_array a);          // the dimensions in reverse order
gr_array gr_array_swap(gr_array a, int d, int e); // dimensions d and e change places
gr_array gr_array_newaxis(gr_array a, int dim);   // a dimension of size 1 put in before `dim`

// *view is `a` repeated to the given shape through strides of 0. Shapes are compared from the last
// dimension backwards; each must be equal or 1 in `a`. GR_EARG names both shapes if they are not.
gr_status gr_array_broadcast(gr_array *view, const gr_array *a, int ndim, const size_t *shape);

// ---- look ----

size_t gr_array_count(const gr_array *a);                  // elements; 1 if a->ndim is 0
void *gr_array_at(const gr_array *a, const size_t *index); // index: a->ndim numbers, in range
bool gr_array_contiguous(const gr_array *a);               // are the elements one block in C order?
bool gr_array_equal(const gr_array *a, const gr_array *b); // same type, shape and bits

// ---- write ----

// to[...] = from: any strides on either side, `from` broadcast to the shape of `to`, overlapping
// memory allowed (then a copy is made first). The types must be the same.
gr_status gr_array_copy(const gr_array *to, const gr_array *from);

// A new array in C order with the elements of `from`.
gr_status gr_array_clone(gr_array *a, const gr_array *from);

// Every element becomes *value, one element of a's type.
void gr_array_fill(const gr_array *a, const void *value);

// ---- visit ----

// An iterator lives on the caller's stack and needs no free. `a` must outlive it.
//   for (gr_iter it = gr_iter_of(&a); gr_iter_next(&it);) total += *(double *)it.p;
typedef struct gr_iter {
    void *p;                   // the element visited now
    size_t index[GR_MAX_DIMS]; // and its indices; the last runs fastest
    size_t left;               // elements not yet visited
    const gr_array *a;
    int ndim;
} gr_iter;

gr_iter gr_iter_of(const gr_array *a);
bool gr_iter_next(gr_iter *it); // to the first element, then to the next; false after the last

// For a loop over rows: the iterator stops at the first element of each row, and the caller walks
// the last dimension itself. a->ndim >= 1.
gr_iter gr_iter_rows(const gr_array *a);

// Makes rows long: merges neighbouring dimensions over which every one of the n views moves evenly
// and drops those of size 1. The views have one shape, with no size 0; they leave with ndim >= 1.
void gr_array_coalesce(gr_array *const views[], int n);

// ---- arithmetic on GR_F64 ----

// *out = a op b, a new array of the shape to which both broadcast; a single number is an array
// with ndim 0. Each operation writes a whole array: an expression of k of them makes k temporaries.
gr_status gr_array_add(gr_array *out, const gr_array *a, const gr_array *b);
gr_status gr_array_subtract(gr_array *out, const gr_array *a, const gr_array *b);
gr_status gr_array_multiply(gr_array *out, const gr_array *a, const gr_array *b);

// The sum of all elements, by halves along each row (pairwise summation): rounding grows with the
// logarithm of the row's length. The order of the additions depends on the strides.
gr_status gr_array_sum(double *sum, const gr_array *a);

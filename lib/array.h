// SPDX-License-Identifier: BSD-3-Clause
// array -- strided n-dimensional arrays and views, as NumPy's: one block, many ways to look at it.
//
// A gr_array is a small value: pointer, element type, shape, strides. Slicing, transposing and
// broadcasting return new values on the same block and move no element. Only gr_array_new (and the
// element-wise operations that return a new array) own memory; free what you own, once.
// Kernels take plain pointers and strides: the array ends at the kernel's door.
#pragma once
#include "lib/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GR_MAX_DIMS = 8 };

typedef enum gr_dtype { GR_U8, GR_I32, GR_I64, GR_F32, GR_F64, GR_DTYPES } gr_dtype;

typedef struct gr_array {
    void *data; // element (0, ..., 0)
    gr_dtype dtype;
    int ndim;                      // 0 .. GR_MAX_DIMS; 0 is a single element
    size_t shape[GR_MAX_DIMS];     // elements along each dimension; may be 0
    ptrdiff_t stride[GR_MAX_DIMS]; // elements from one index to the next; 0 repeats, < 0 reverses
    void *owner;                   // the block to free; NULL in every view
} gr_array;

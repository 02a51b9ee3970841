// SPDX-License-Identifier: BSD-3-Clause
// npy -- arrays in files that NumPy reads and writes: numpy.save and numpy.load.
//
// A file is a magic string, a version, a header that is a Python dictionary in text ('descr',
// 'fortran_order', 'shape'), and the elements. What a file says is not believed: a header that is
// not as the format says, or elements that are not there, are GR_EDATA before memory is asked for.
// Source: the NumPy reference, "numpy.lib.format" (versions 1.0, 2.0 and 3.0).
#pragma once
#include "lib/array.h"

// Writes into `text` what stands in a file before the elements of an array of this type and shape,
// and returns how many bytes that are: a multiple of 64. For files whose elements others write.
enum { GR_NPY_HEADER = 512 };
size_t gr_npy_header(char text[GR_NPY_HEADER], gr_dtype dtype, int ndim, const size_t *shape);

// Writes `a` (any strides) to `path` in C order and this machine's byte order, version 1.0. A
// reader sees the file that was there before or all of the new one, whatever happens meanwhile
// (lib/replace.h).
gr_status gr_npy_save(const char *path, const gr_array *a);

// *a is a new array with the elements of `path`, in C or Fortran order as in the file; free it.
// Types are those of gr_dtype in either byte order; others are GR_EUNSUP. Errors name the file.
// On failure *a owns nothing and may be passed to gr_array_free.
gr_status gr_npy_load(const char *path, gr_array *a);

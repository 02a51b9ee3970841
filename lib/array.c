// SPDX-License-Identifier: BSD-3-Clause
// Copies work row by row: dimensions that memory walks evenly are first merged, so that a
// contiguous array is a single row and the inner loop is long.
#include "lib/array.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    size_t size;
    const char *name;
} dtypes[GR_DTYPES] = {
    [GR_U8] = {1, "uint8"},    [GR_I32] = {4, "int32"},   [GR_I64] = {8, "int64"},
    [GR_F32] = {4, "float32"}, [GR_F64] = {8, "float64"},
};

size_t gr_dtype_size(gr_dtype dtype)
{
    assert((unsigned)dtype < GR_DTYPES);
    return dtypes[dtype].size;
}

const char *gr_dtype_name(gr_dtype dtype)
{
    assert((unsigned)dtype < GR_DTYPES);
    return dtypes[dtype].name;
}

const char *gr_shape_text(int ndim, const size_t *shape, char text[GR_SHAPE_TEXT])
{
    size_t used = 0;
    text[used++] = '(';
    for (int d = 0; d < ndim; d++)
        used +=
            (size_t)snprintf(text + used, GR_SHAPE_TEXT - used, "%s%zu", d ? ", " : "", shape[d]);
    snprintf(text + used, GR_SHAPE_TEXT - used, ndim == 1 ? ",)" : ")");
    return text;
}

gr_status gr_shape_count(gr_dtype dtype, int ndim, const size_t *shape, size_t *count)
{
    if ((unsigned)dtype >= GR_DTYPES) return gr_fail(GR_EARG, "element type %d is none", dtype);
    if (ndim < 0 || ndim > GR_MAX_DIMS)
        return gr_fail(GR_EARG, "%d dimensions: expected 0 to %d", ndim, GR_MAX_DIMS);
    size_t bytes = dtypes[dtype].size;
    bool empty = false;
    for (int d = 0; d < ndim; d++) {
        empty = empty || !shape[d];
        if (shape[d] && (__builtin_mul_overflow(bytes, shape[d], &bytes) || bytes > PTRDIFF_MAX)) {
            char text[GR_SHAPE_TEXT];
            return gr_fail(GR_ENOMEM, "shape %s of %s is larger than any memory",
                           gr_shape_text(ndim, shape, text), dtypes[dtype].name);
        }
    }
    *count = empty ? 0 : bytes / dtypes[dtype].size;
    return GR_OK;
}

// ---- make ----

gr_array gr_array_of(void *data, gr_dtype dtype, int ndim, const size_t *shape)
{
    assert((unsigned)dtype < GR_DTYPES && ndim >= 0 && ndim <= GR_MAX_DIMS);
    gr_array a = {.data = data, .dtype = dtype, .ndim = ndim};
    ptrdiff_t stride = 1;
    for (int d = ndim - 1; d >= 0; d--) {
        a.shape[d] = shape[d];
        a.stride[d] = stride;
        if (shape[d]) stride *= (ptrdiff_t)shape[d];
    }
    return a;
}

gr_status gr_array_new_unset(gr_array *a, gr_dtype dtype, int ndim, const size_t *shape)
{
    size_t count = 0;
    gr_array made = {0};
    gr_status status = gr_shape_count(dtype, ndim, shape, &count);
    if (!status) {
        size_t bytes = count * dtypes[dtype].size;
        made = gr_array_of(NULL, dtype, ndim, shape);
        if (posix_memalign(&made.owner, 64, bytes ? bytes : 1)) {
            made = (gr_array){0};
            status = gr_fail(GR_ENOMEM, "an array of %zu bytes: out of memory", bytes);
        }
        made.data = made.owner;
    }
    *a = made;
    return status;
}

gr_status gr_array_new(gr_array *a, gr_dtype dtype, int ndim, const size_t *shape)
{
    GR_TRY(gr_array_new_unset(a, dtype, ndim, shape));
    memset(a->data, 0, gr_array_count(a) * dtypes[dtype].size);
    return GR_OK;
}

void gr_array_free(gr_array *a)
{
    if (!a) return;
    free(a->owner);
    *a = (gr_array){0};
}

// ---- views ----

static void *element(const gr_array *a, ptrdiff_t offset) // offset in elements
{
    return (char *)a->data + offset * (ptrdiff_t)dtypes[a->dtype].size;
}

// A position as the slice a[position:...] means it, within lo .. hi.
static ptrdiff_t clip(ptrdiff_t position, ptrdiff_t n, ptrdiff_t lo, ptrdiff_t hi)
{
    if (position < 0) position += n;
    return position < lo ? lo : position > hi ? hi : position;
}

gr_array gr_array_slice(gr_array a, int dim, ptrdiff_t start, ptrdiff_t stop, ptrdiff_t step)
{
    assert(dim >= 0 && dim < a.ndim && step != 0 && step != GR_NONE);
    ptrdiff_t n = (ptrdiff_t)a.shape[dim], count;
    if (step > 0) {
        start = start == GR_NONE ? 0 : clip(start, n, 0, n);
        stop = stop == GR_NONE ? n : clip(stop, n, 0, n);
        count = start < stop ? (stop - start - 1) / step + 1 : 0;
    } else {
        start = start == GR_NONE ? n - 1 : clip(start, n, -1, n - 1);
        stop = stop == GR_NONE ? -1 : clip(stop, n, -1, n - 1);
        count = stop < start ? (start - stop - 1) / -step + 1 : 0;
    }
    if (count > 0) a.data = element(&a, start * a.stride[dim]);
    if (count > 1) a.stride[dim] *= step;
    a.shape[dim] = (size_t)count;
    a.owner = NULL;
    return a;
}

gr_array gr_array_swap(gr_array a, int d, int e)
{
    assert(d >= 0 && d < a.ndim && e >= 0 && e < a.ndim);
    size_t n = a.shape[d];
    a.shape[d] = a.shape[e];
    a.shape[e] = n;
    ptrdiff_t stride = a.stride[d];
    a.stride[d] = a.stride[e];
    a.stride[e] = stride;
    a.owner = NULL;
    return a;
}

gr_array gr_array_transpose(gr_array a)
{
    a.owner = NULL;
    for (int d = 0, e = a.ndim - 1; d < e; d++, e--) a = gr_array_swap(a, d, e);
    return a;
}

gr_array gr_array_newaxis(gr_array a, int dim)
{
    assert(dim >= 0 && dim <= a.ndim && a.ndim < GR_MAX_DIMS);
    for (int d = a.ndim++; d > dim; d--) {
        a.shape[d] = a.shape[d - 1];
        a.stride[d] = a.stride[d - 1];
    }
    a.shape[dim] = 1;
    a.stride[dim] = 0;
    a.owner = NULL;
    return a;
}

gr_status gr_array_broadcast(gr_array *view, const gr_array *a, int ndim, const size_t *shape)
{
    size_t count;
    GR_TRY(gr_shape_count(a->dtype, ndim, shape, &count));
    gr_array wide = {.data = a->data, .dtype = a->dtype, .ndim = ndim};
    int added = ndim - a->ndim;
    bool fits = added >= 0;
    for (int d = 0; d < ndim && fits; d++) {
        size_t n = d < added ? 1 : a->shape[d - added];
        fits = n == shape[d] || n == 1;
        wide.shape[d] = shape[d];
        wide.stride[d] = n == 1 ? 0 : a->stride[d - added];
    }
    char from[GR_SHAPE_TEXT], to[GR_SHAPE_TEXT];
    if (!fits)
        return gr_fail(GR_EARG, "shape %s cannot be broadcast to %s",
                       gr_shape_text(a->ndim, a->shape, from), gr_shape_text(ndim, shape, to));
    *view = wide;
    return GR_OK;
}

// ---- look ----

size_t gr_array_count(const gr_array *a)
{
    size_t count = 1;
    for (int d = 0; d < a->ndim; d++) {
        if (!a->shape[d]) return 0;
        count *= a->shape[d];
    }
    return count;
}

void *gr_array_at(const gr_array *a, const size_t *index)
{
    ptrdiff_t offset = 0;
    for (int d = 0; d < a->ndim; d++) {
        assert(index[d] < a->shape[d]);
        offset += (ptrdiff_t)index[d] * a->stride[d];
    }
    return element(a, offset);
}

bool gr_array_contiguous(const gr_array *a)
{
    ptrdiff_t stride = 1;
    if (!gr_array_count(a)) return true;
    for (int d = a->ndim - 1; d >= 0; d--) {
        if (a->shape[d] != 1 && a->stride[d] != stride) return false;
        stride *= (ptrdiff_t)a->shape[d];
    }
    return true;
}

// ---- visit ----

// Visits the indices of the first `ndim` dimensions; the others stay 0.
static gr_iter iterate(const gr_array *a, int ndim)
{
    gr_iter it = {.left = 1, .a = a, .ndim = ndim};
    for (int d = 0; d < ndim; d++) it.left *= a->shape[d];
    if (!gr_array_count(a)) it.left = 0;
    return it;
}

gr_iter gr_iter_of(const gr_array *a) { return iterate(a, a->ndim); }

bool gr_iter_next(gr_iter *it)
{
    if (!it->left) return false;
    it->left--;
    if (!it->p) {
        it->p = it->a->data;
        return true;
    }
    ptrdiff_t move = 0;
    for (int d = it->ndim - 1; d >= 0; d--) {
        move += it->a->stride[d];
        if (++it->index[d] < it->a->shape[d]) break;
        move -= (ptrdiff_t)it->a->shape[d] * it->a->stride[d];
        it->index[d] = 0;
    }
    it->p = (char *)it->p + move * (ptrdiff_t)dtypes[it->a->dtype].size;
    return true;
}

gr_iter gr_iter_rows(const gr_array *a)
{
    assert(a->ndim >= 1);
    return iterate(a, a->ndim - 1);
}

void gr_array_coalesce(gr_array *const views[], int n)
{
    int kept = 0;
    for (int d = 0; d < views[0]->ndim; d++) {
        size_t size = views[0]->shape[d];
        if (size == 1) continue;
        bool even = kept > 0;
        for (int k = 0; k < n && even; k++)
            even = views[k]->stride[kept - 1] == views[k]->stride[d] * (ptrdiff_t)size;
        if (!even) kept++;
        for (int k = 0; k < n; k++) {
            gr_array *v = views[k];
            v->shape[kept - 1] = even ? v->shape[kept - 1] * size : size;
            v->stride[kept - 1] = v->stride[d];
        }
    }
    for (int k = 0; k < n; k++) {
        if (!kept) views[k]->shape[0] = 1, views[k]->stride[0] = 0;
        views[k]->ndim = kept ? kept : 1;
    }
}

// ---- write ----

// to[i * st] = from[i * sf] for i < n; `size` is the bytes of an element, strides are in elements.
static void copy_row(char *to, ptrdiff_t st, const char *from, ptrdiff_t sf, size_t n, size_t size)
{
    ptrdiff_t bytes = (ptrdiff_t)size, count = (ptrdiff_t)n;
    if (st == 1 && sf == 1)
        memcpy(to, from, n * size);
    else if (size == 8)
        for (ptrdiff_t i = 0; i < count; i++) memcpy(to + 8 * i * st, from + 8 * i * sf, 8);
    else
        for (ptrdiff_t i = 0; i < count; i++)
            memcpy(to + i * st * bytes, from + i * sf * bytes, size);
}

// to[...] = from for views of one shape and type that share no memory.
static void copy_apart(gr_array to, gr_array from)
{
    if (!gr_array_count(&to)) return;
    gr_array_coalesce((gr_array *[]){&to, &from}, 2);
    int last = to.ndim - 1;
    gr_iter t = gr_iter_rows(&to), f = gr_iter_rows(&from);
    while (gr_iter_next(&t) && gr_iter_next(&f))
        copy_row(t.p, to.stride[last], f.p, from.stride[last], to.shape[last],
                 dtypes[to.dtype].size);
}

// The addresses [*lo, *hi) between which all elements of `a` lie.
static void extent(const gr_array *a, uintptr_t *lo, uintptr_t *hi)
{
    ptrdiff_t first = 0, last = 0;
    for (int d = 0; d < a->ndim; d++) {
        ptrdiff_t reach = a->shape[d] ? (ptrdiff_t)(a->shape[d] - 1) * a->stride[d] : 0;
        *(reach < 0 ? &first : &last) += reach;
    }
    *lo = (uintptr_t)element(a, first);
    *hi = (uintptr_t)element(a, last + 1);
}

gr_status gr_array_copy(const gr_array *to, const gr_array *from)
{
    gr_array wide, copy;
    if (to->dtype != from->dtype)
        return gr_fail(GR_EARG, "copy %s to %s: expected one type", gr_dtype_name(from->dtype),
                       gr_dtype_name(to->dtype));
    GR_TRY(gr_array_broadcast(&wide, from, to->ndim, to->shape));
    if (!gr_array_count(to)) return GR_OK;
    uintptr_t to_lo, to_hi, lo, hi;
    extent(to, &to_lo, &to_hi);
    extent(from, &lo, &hi);
    if (to_hi <= lo || hi <= to_lo) return copy_apart(*to, wide), GR_OK;
    GR_TRY(gr_array_clone(&copy, from));
    gr_status status = gr_array_broadcast(&wide, &copy, to->ndim, to->shape);
    if (!status) copy_apart(*to, wide);
    gr_array_free(&copy);
    return status;
}

gr_status gr_array_clone(gr_array *a, const gr_array *from)
{
    GR_TRY(gr_array_new_unset(a, from->dtype, from->ndim, from->shape));
    copy_apart(*a, *from);
    return GR_OK;
}

void gr_array_fill(const gr_array *a, const void *value)
{
    gr_array wide = *a;
    wide.data = (void *)value; // only read
    memset(wide.stride, 0, sizeof wide.stride);
    copy_apart(*a, wide);
}

bool gr_array_equal(const gr_array *a, const gr_array *b)
{
    if (a->dtype != b->dtype || a->ndim != b->ndim) return false;
    for (int d = 0; d < a->ndim; d++)
        if (a->shape[d] != b->shape[d]) return false;
    gr_iter i = gr_iter_of(a), j = gr_iter_of(b);
    while (gr_iter_next(&i) && gr_iter_next(&j))
        if (memcmp(i.p, j.p, dtypes[a->dtype].size)) return false;
    return true;
}

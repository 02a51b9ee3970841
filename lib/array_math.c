// SPDX-License-Identifier: BSD-3-Clause
// Element-wise operations and the sum, on GR_F64. As in NumPy each operation makes a new array.
#include "lib/array.h"

// out[i] = a[i * sa] op b[i * sb] for i < n.
typedef void row_op(double *out, const double *a, ptrdiff_t sa, const double *b, ptrdiff_t sb,
                    size_t n);

// One loop for each pair of strides that the compiler can vectorise, and one for all others.
// `op` is known at each call, so that it leaves no call behind.
static inline __attribute__((always_inline)) void each(double *restrict out, const double *a,
                                                       ptrdiff_t sa, const double *b, ptrdiff_t sb,
                                                       size_t n, double op(double, double))
{
    ptrdiff_t count = (ptrdiff_t)n;
    if (sa == 1 && sb == 1)
        for (ptrdiff_t i = 0; i < count; i++) out[i] = op(a[i], b[i]);
    else if (sa == 1 && sb == 0)
        for (ptrdiff_t i = 0; i < count; i++) out[i] = op(a[i], *b);
    else if (sa == 0 && sb == 1)
        for (ptrdiff_t i = 0; i < count; i++) out[i] = op(*a, b[i]);
    else
        for (ptrdiff_t i = 0; i < count; i++) out[i] = op(a[i * sa], b[i * sb]);
}

static inline double plus(double x, double y) { return x + y; }
static inline double minus(double x, double y) { return x - y; }
static inline double times(double x, double y) { return x * y; }

static void add(double *out, const double *a, ptrdiff_t sa, const double *b, ptrdiff_t sb, size_t n)
{
    each(out, a, sa, b, sb, n, plus);
}

static void subtract(double *out, const double *a, ptrdiff_t sa, const double *b, ptrdiff_t sb,
                     size_t n)
{
    each(out, a, sa, b, sb, n, minus);
}

static void multiply(double *out, const double *a, ptrdiff_t sa, const double *b, ptrdiff_t sb,
                     size_t n)
{
    each(out, a, sa, b, sb, n, times);
}

// The shape to which a and b both broadcast.
static gr_status common_shape(const char *name, const gr_array *a, const gr_array *b, int *ndim,
                              size_t shape[GR_MAX_DIMS])
{
    *ndim = a->ndim > b->ndim ? a->ndim : b->ndim;
    for (int d = 0; d < *ndim; d++) {
        int da = d - (*ndim - a->ndim), db = d - (*ndim - b->ndim);
        size_t na = da < 0 ? 1 : a->shape[da], nb = db < 0 ? 1 : b->shape[db];
        char first[GR_SHAPE_TEXT], second[GR_SHAPE_TEXT];
        if (na != nb && na != 1 && nb != 1)
            return gr_fail(GR_EARG, "%s: shapes %s and %s do not fit each other", name,
                           gr_shape_text(a->ndim, a->shape, first),
                           gr_shape_text(b->ndim, b->shape, second));
        shape[d] = na == 1 ? nb : na;
    }
    return GR_OK;
}

static gr_status binary(const char *name, row_op *op, gr_array *out, const gr_array *a,
                        const gr_array *b)
{
    int ndim;
    size_t shape[GR_MAX_DIMS];
    gr_array x = *a, y = *b, made; // copies, so that `out` may be one of the two
    *out = (gr_array){0};
    if (x.dtype != GR_F64 || y.dtype != GR_F64)
        return gr_fail(GR_EARG, "%s: %s and %s, expected float64", name, gr_dtype_name(x.dtype),
                       gr_dtype_name(y.dtype));
    GR_TRY(common_shape(name, &x, &y, &ndim, shape));
    GR_TRY(gr_array_broadcast(&x, &x, ndim, shape));
    GR_TRY(gr_array_broadcast(&y, &y, ndim, shape));
    GR_TRY(gr_array_new_unset(&made, GR_F64, ndim, shape));
    *out = made;
    if (!gr_array_count(&made)) return GR_OK;
    gr_array_coalesce((gr_array *[]){&made, &x, &y}, 3);
    int last = made.ndim - 1;
    gr_iter o = gr_iter_rows(&made), i = gr_iter_rows(&x), j = gr_iter_rows(&y);
    while (gr_iter_next(&o) && gr_iter_next(&i) && gr_iter_next(&j))
        op(o.p, i.p, x.stride[last], j.p, y.stride[last], made.shape[last]);
    return GR_OK;
}

gr_status gr_array_add(gr_array *out, const gr_array *a, const gr_array *b)
{
    return binary("add", add, out, a, b);
}

gr_status gr_array_subtract(gr_array *out, const gr_array *a, const gr_array *b)
{
    return binary("subtract", subtract, out, a, b);
}

gr_status gr_array_multiply(gr_array *out, const gr_array *a, const gr_array *b)
{
    return binary("multiply", multiply, out, a, b);
}

// a[0] + a[stride] + ... (n numbers). Eight running sums keep as many additions in flight; above
// 128 numbers the halves are summed apart. Higham, "The accuracy of floating point summation",
// SIAM J. Sci. Comput. 14 (1993) 783.
static double sum_row(const double *a, ptrdiff_t stride, size_t n)
{
    enum { LANES = 8, LEAF = 128 };
    if (n > LEAF) {
        size_t half = n / 2 - n / 2 % LANES;
        return sum_row(a, stride, half) + sum_row(a + (ptrdiff_t)half * stride, stride, n - half);
    }
    double lane[LANES] = {0};
    ptrdiff_t i = 0, whole = (ptrdiff_t)(n - n % LANES), count = (ptrdiff_t)n;
    for (; i < whole; i += LANES)
        for (int k = 0; k < LANES; k++) lane[k] += a[(i + k) * stride];
    for (; i < count; i++) lane[i - whole] += a[i * stride];
    return ((lane[0] + lane[1]) + (lane[2] + lane[3])) +
           ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

gr_status gr_array_sum(double *sum, const gr_array *a)
{
    *sum = 0;
    if (a->dtype != GR_F64)
        return gr_fail(GR_EARG, "sum: %s, expected float64", gr_dtype_name(a->dtype));
    if (!gr_array_count(a)) return GR_OK;
    gr_array x = *a;
    gr_array_coalesce((gr_array *[]){&x}, 1);
    int last = x.ndim - 1;
    for (gr_iter it = gr_iter_rows(&x); gr_iter_next(&it);)
        *sum += sum_row(it.p, x.stride[last], x.shape[last]);
    return GR_OK;
}

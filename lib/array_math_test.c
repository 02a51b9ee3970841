// SPDX-License-Identifier: BSD-3-Clause
// Every element of a result is compared with the operation done on two numbers found by index.
#include "lib/array.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

// A refused allocation shall return NULL under AddressSanitizer, too.
const char *__asan_default_options(void);
const char *__asan_default_options(void) { return "allocator_may_return_null=1"; }

static const struct {
    int ndim;
    size_t shape[GR_MAX_DIMS];
} shapes[] = {
    {0, {0}},
    {1, {0}},
    {1, {1}},
    {1, {7}},
    {1, {300}},
    {2, {3, 4}},
    {2, {1, 5}},
    {2, {5, 1}},
    {2, {0, 3}},
    {2, {3, 0}},
    {3, {2, 3, 4}},
    {3, {2, 1, 4}},
    {3, {1, 1, 1}},
    {3, {2, 0, 4}},
    {4, {3, 2, 2, 5}},
    {5, {2, 1, 3, 1, 2}},
    {8, {2, 1, 2, 3, 1, 2, 2, 1}},
};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

// A new array that counts 0, 1, 2, ...
static gr_array counting(int ndim, const size_t *shape)
{
    gr_array a;
    assert_int_equal(gr_array_new(&a, GR_F64, ndim, shape), GR_OK);
    for (size_t i = 0; i < gr_array_count(&a); i++) ((double *)a.data)[i] = (double)i;
    return a;
}

static double value(const gr_array *a, const size_t *index)
{
    return *(double *)gr_array_at(a, index);
}

// Views of `a` that leave its set of indices as it is, or change it in a known way.
static gr_array twisted(gr_array a, int kind)
{
    if (kind == 1) return gr_array_transpose(a);
    for (int d = 0; kind == 2 && d < a.ndim; d++) a = gr_array_slice(a, d, GR_NONE, GR_NONE, -1);
    for (int d = 0; kind == 3 && d < a.ndim; d++) a = gr_array_slice(a, d, GR_NONE, GR_NONE, 2);
    if (kind == 4 && a.ndim > 1) return gr_array_swap(a, 0, a.ndim - 1);
    return a;
}

// What a broadcast operation gives at `index` of the result, element by element.
static double operand(const gr_array *a, int ndim, const size_t *index)
{
    size_t own[GR_MAX_DIMS];
    for (int d = 0; d < a->ndim; d++) own[d] = a->shape[d] == 1 ? 0 : index[ndim - a->ndim + d];
    return value(a, own);
}

static void check_arithmetic(const gr_array *a, const gr_array *b)
{
    gr_array sum, difference, product;
    assert_int_equal(gr_array_add(&sum, a, b), GR_OK);
    assert_int_equal(gr_array_subtract(&difference, a, b), GR_OK);
    assert_int_equal(gr_array_multiply(&product, a, b), GR_OK);
    for (gr_iter it = gr_iter_of(&sum); gr_iter_next(&it);) {
        double x = operand(a, sum.ndim, it.index), y = operand(b, sum.ndim, it.index);
        assert_true(*(double *)it.p == x + y);
        assert_true(value(&difference, it.index) == x - y);
        assert_true(value(&product, it.index) == x * y);
    }
    gr_array_free(&sum);
    gr_array_free(&difference);
    gr_array_free(&product);
}

static void arithmetic_broadcasts(void **state)
{
    (void)state;
    double number = 2.5;
    gr_array scalar = gr_array_of(&number, GR_F64, 0, NULL);
    for (int k = 0; k < SHAPES; k++) {
        gr_array a = counting(shapes[k].ndim, shapes[k].shape), b;
        for (int kind = 0; kind < 5; kind++) {
            gr_array v = twisted(a, kind);
            assert_int_equal(gr_array_clone(&b, &v), GR_OK);
            check_arithmetic(&v, &b);
            check_arithmetic(&scalar, &v);
            check_arithmetic(&v, &scalar);
            if (v.ndim > 0) { // one row against all
                gr_array row = gr_array_slice(v, 0, 0, 1, 1);
                if (v.shape[0]) check_arithmetic(&row, &v);
            }
            gr_array_free(&b);
        }
        gr_array_free(&a);
    }
    gr_array x = counting(2, (size_t[]){3, 1}), y = counting(1, (size_t[]){4}), out;
    check_arithmetic(&x, &y);
    gr_array z = counting(2, (size_t[]){2, 4}), view = z;
    view.owner = NULL;
    assert_int_equal(gr_array_add(&view, &view, &view), GR_OK); // the result may take its place
    assert_true(value(&view, (size_t[]){1, 3}) == 14);
    gr_array_free(&view);
    assert_int_equal(gr_array_add(&out, &x, &z), GR_EARG);
    assert_string_equal(gr_errmsg(), "add: shapes (3, 1) and (2, 4) do not fit each other");
    gr_array ints = gr_array_of((int[]){1}, GR_I32, 0, NULL), wide;
    assert_int_equal(gr_array_multiply(&out, &x, &ints), GR_EARG);
    assert_int_equal(gr_array_broadcast(&wide, &scalar, 1, (size_t[]){(size_t)1 << 59}), GR_OK);
    assert_int_equal(gr_array_add(&out, &wide, &scalar), GR_ENOMEM);
    assert_null(out.owner);
    gr_array_free(&x);
    gr_array_free(&y);
    gr_array_free(&z);
}

static void sums_are_exact_where_they_can_be(void **state)
{
    (void)state;
    double sum;
    for (size_t n = 0; n < 1200; n += n < 300 ? 1 : 97) {
        gr_array a = counting(1, &n);
        double want = n ? (double)(n * (n - 1) / 2) : 0;
        assert_int_equal(gr_array_sum(&sum, &a), GR_OK);
        assert_true(sum == want);
        gr_array back = gr_array_slice(a, 0, GR_NONE, GR_NONE, -1);
        assert_int_equal(gr_array_sum(&sum, &back), GR_OK);
        assert_true(sum == want);
        gr_array_free(&a);
    }
    for (int k = 0; k < SHAPES; k++) {
        gr_array a = counting(shapes[k].ndim, shapes[k].shape), t = gr_array_transpose(a);
        double n = (double)gr_array_count(&a);
        assert_int_equal(gr_array_sum(&sum, &t), GR_OK);
        assert_true(sum == n * (n - 1) / 2);
        gr_array_free(&a);
    }
    double tenth = 0.1;
    gr_array one = gr_array_of(&tenth, GR_F64, 0, NULL), million;
    assert_int_equal(gr_array_broadcast(&million, &one, 1, (size_t[]){1000000}), GR_OK);
    assert_int_equal(gr_array_sum(&sum, &million), GR_OK);
    assert_true(sum > 1e5 - 1e-9 && sum < 1e5 + 1e-9); // one after another: off by 1.3e-6
    gr_array ints = gr_array_of((int[]){1}, GR_I32, 0, NULL);
    assert_int_equal(gr_array_sum(&sum, &ints), GR_EARG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arithmetic_broadcasts),
        cmocka_unit_test(sums_are_exact_where_they_can_be),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

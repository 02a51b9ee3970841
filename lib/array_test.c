// SPDX-License-Identifier: BSD-3-Clause
// Views are compared with index arithmetic done the long way, over many shapes and strides.
#include "lib/array.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

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

static void a_new_array_is_zero_and_aligned(void **state)
{
    (void)state;
    for (int dtype = 0; dtype < GR_DTYPES; dtype++)
        for (int k = 0; k < SHAPES; k++) {
            gr_array a;
            assert_int_equal(gr_array_new(&a, (gr_dtype)dtype, shapes[k].ndim, shapes[k].shape),
                             GR_OK);
            assert_int_equal((uintptr_t)a.data % 64, 0);
            const unsigned char *bytes = a.data;
            for (size_t i = 0; i < gr_array_count(&a) * gr_dtype_size(a.dtype); i++)
                assert_int_equal(bytes[i], 0);
            assert_true(gr_array_contiguous(&a));
            gr_array_free(&a);
            assert_null(a.owner);
            gr_array_free(&a);
        }
    gr_array_free(NULL);
    assert_string_equal(gr_dtype_name(GR_F32), "float32");
}

static void absurd_sizes_fail(void **state)
{
    (void)state;
    const size_t big = (size_t)1 << 40, most = (size_t)1 << 62;
    gr_array a;
    assert_int_equal(gr_array_new(&a, GR_F64, 2, (size_t[]){big, big}), GR_ENOMEM);
    assert_non_null(strstr(gr_errmsg(), "(1099511627776, 1099511627776)"));
    assert_int_equal(gr_array_new(&a, GR_U8, 3, (size_t[]){big, 0, big}), GR_ENOMEM);
    assert_int_equal(gr_array_new(&a, GR_F64, 1, (size_t[]){SIZE_MAX}), GR_ENOMEM);
    assert_int_equal(gr_array_new(&a, GR_U8, 1, &most), GR_ENOMEM);
    assert_null(a.owner);
    gr_array_free(&a);
    assert_int_equal(gr_array_new(&a, GR_F64, 9, shapes[0].shape), GR_EARG);
    assert_int_equal(gr_array_new(&a, GR_F64, -1, shapes[0].shape), GR_EARG);
    assert_int_equal(gr_array_new(&a, GR_DTYPES, 0, NULL), GR_EARG);

    double one = 1;
    gr_array scalar = gr_array_of(&one, GR_F64, 0, NULL), wide, copy;
    assert_int_equal(gr_array_broadcast(&wide, &scalar, 1, &most), GR_ENOMEM);
    assert_int_equal(gr_array_broadcast(&wide, &scalar, 1, (size_t[]){most / 8}), GR_OK);
    assert_int_equal(gr_array_clone(&copy, &wide), GR_ENOMEM);
}

static void shapes_read_as_in_python(void **state)
{
    (void)state;
    char text[GR_SHAPE_TEXT];
    assert_string_equal(gr_shape_text(0, NULL, text), "()");
    assert_string_equal(gr_shape_text(1, (size_t[]){3}, text), "(3,)");
    assert_string_equal(gr_shape_text(2, (size_t[]){3, 4}, text), "(3, 4)");
    size_t huge[8];
    for (int d = 0; d < 8; d++) huge[d] = SIZE_MAX;
    assert_int_equal(strlen(gr_shape_text(8, huge, text)), 8 * 20 + 7 * 2 + 2);
}

// What a[start:stop:step] holds, by the definition: start, start + step, ... before stop.
static size_t slice_indices(ptrdiff_t n, ptrdiff_t start, ptrdiff_t stop, ptrdiff_t step,
                            ptrdiff_t *out)
{
    size_t count = 0;
    bool back = step < 0;
    if (start == GR_NONE)
        start = back ? n - 1 : 0;
    else if (start < 0)
        start += n;
    if (stop == GR_NONE)
        stop = back ? -1 : n;
    else if (stop < 0)
        stop = stop + n < 0 ? -1 : stop + n;
    while (!back && start < 0) start = 0;
    while (back && start >= n) start = n - 1;
    for (ptrdiff_t i = start; back ? i > stop : i < stop; i += step)
        if (i >= 0 && i < n) out[count++] = i;
    return count;
}

static void slices_are_those_of_numpy(void **state)
{
    (void)state;
    ptrdiff_t index[16];
    for (ptrdiff_t n = 0; n <= 5; n++) {
        gr_array a = counting(1, (size_t[]){(size_t)n});
        for (ptrdiff_t start = -8; start <= 7; start++)
            for (ptrdiff_t stop = -8; stop <= 7; stop++)
                for (ptrdiff_t step = -3; step <= 3; step++) {
                    if (!step) continue;
                    ptrdiff_t from = start == -8 ? GR_NONE : start;
                    ptrdiff_t to = stop == -8 ? GR_NONE : stop;
                    gr_array s = gr_array_slice(a, 0, from, to, step);
                    size_t count = slice_indices(n, from, to, step, index);
                    assert_int_equal(gr_array_count(&s), count);
                    assert_null(s.owner);
                    for (size_t i = 0; i < count; i++)
                        assert_true(value(&s, &i) == (double)index[i]);
                }
        gr_array far = gr_array_slice(a, 0, PTRDIFF_MAX, PTRDIFF_MIN + 1, PTRDIFF_MIN + 1);
        assert_int_equal(gr_array_count(&far), n > 0);
        gr_array_free(&a);
    }
}

static void slicing_a_slice_reaches_the_same_element(void **state)
{
    (void)state;
    gr_array a = counting(2, (size_t[]){6, 7});
    gr_array s = gr_array_slice(gr_array_slice(a, 0, 1, GR_NONE, 2), 1, GR_NONE, GR_NONE, -2);
    gr_array t = gr_array_transpose(s);
    assert_int_equal(t.shape[0], 4);
    assert_int_equal(t.shape[1], 3);
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 4; j++) {
            double want = (double)((1 + 2 * i) * 7 + 6 - 2 * j);
            assert_true(value(&s, (size_t[]){i, j}) == want);
            assert_true(value(&t, (size_t[]){j, i}) == want);
        }
    *(double *)gr_array_at(&t, (size_t[]){0, 0}) = -1;
    assert_true(value(&a, (size_t[]){1, 6}) == -1); // a view: one block
    gr_array_free(&a);
}

static void newaxis_and_swap_move_no_element(void **state)
{
    (void)state;
    gr_array a = counting(2, (size_t[]){2, 3});
    for (int dim = 0; dim <= 2; dim++) {
        gr_array w = gr_array_newaxis(a, dim);
        assert_int_equal(w.ndim, 3);
        assert_int_equal(w.shape[dim], 1);
        assert_true(gr_array_contiguous(&w));
        assert_true(w.data == a.data && !w.owner);
    }
    gr_array s = gr_array_swap(a, 0, 1);
    assert_true(value(&s, (size_t[]){2, 1}) == 5);
    assert_false(gr_array_contiguous(&s));
    gr_array_free(&a);
}

static void broadcast_repeats_and_names_what_does_not_fit(void **state)
{
    (void)state;
    gr_array row = counting(1, (size_t[]){3}), column = counting(2, (size_t[]){2, 1}), w;
    assert_int_equal(gr_array_broadcast(&w, &row, 3, (size_t[]){4, 2, 3}), GR_OK);
    assert_true(value(&w, (size_t[]){3, 1, 2}) == 2);
    assert_int_equal(w.stride[0], 0);
    assert_int_equal(gr_array_broadcast(&w, &column, 2, (size_t[]){2, 5}), GR_OK);
    assert_true(value(&w, (size_t[]){1, 4}) == 1);
    assert_int_equal(gr_array_broadcast(&w, &column, 2, (size_t[]){2, 0}), GR_OK);
    assert_int_equal(gr_array_broadcast(&w, &row, 2, (size_t[]){3, 4}), GR_EARG);
    assert_string_equal(gr_errmsg(), "shape (3,) cannot be broadcast to (3, 4)");
    assert_int_equal(gr_array_broadcast(&w, &column, 1, (size_t[]){2}), GR_EARG);
    assert_int_equal(gr_array_broadcast(&w, &row, 1, (size_t[]){1}), GR_EARG);
    gr_array_free(&row);
    gr_array_free(&column);
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

static void the_iterator_visits_in_index_order(void **state)
{
    (void)state;
    for (int k = 0; k < SHAPES; k++) {
        gr_array a = counting(shapes[k].ndim, shapes[k].shape);
        for (int kind = 0; kind < 5; kind++) {
            gr_array v = twisted(a, kind);
            size_t visited = 0;
            for (gr_iter it = gr_iter_of(&v); gr_iter_next(&it); visited++) {
                size_t rest = visited, index[GR_MAX_DIMS] = {0};
                for (int d = v.ndim - 1; d >= 0; rest /= v.shape[d], d--)
                    index[d] = rest % v.shape[d];
                assert_memory_equal(index, it.index, sizeof index);
                assert_ptr_equal(it.p, gr_array_at(&v, index));
            }
            assert_int_equal(visited, gr_array_count(&v));
        }
        gr_array_free(&a);
    }
}

static void copies_between_any_strides(void **state)
{
    (void)state;
    for (int k = 0; k < SHAPES; k++)
        for (int from_kind = 0; from_kind < 5; from_kind++)
            for (int to_kind = 0; to_kind < 5; to_kind++) {
                gr_array a = counting(shapes[k].ndim, shapes[k].shape), b, c;
                gr_array from = twisted(a, from_kind);
                assert_int_equal(gr_array_clone(&b, &from), GR_OK);
                assert_true(gr_array_contiguous(&b) && gr_array_equal(&b, &from));
                gr_array_fill(&b, &(double){-7});
                gr_array to = twisted(b, to_kind);
                gr_status status = gr_array_clone(&c, &to);
                assert_int_equal(status, GR_OK);
                gr_array source = twisted(from, to_kind);
                assert_int_equal(gr_array_copy(&to, &source), GR_OK);
                assert_true(gr_array_equal(&to, &source));
                gr_array_free(&a);
                gr_array_free(&b);
                gr_array_free(&c);
            }
}

static void copies_of_every_type_and_of_overlaps(void **state)
{
    (void)state;
    for (int dtype = 0; dtype < GR_DTYPES; dtype++) {
        gr_array a, b;
        assert_int_equal(gr_array_new(&a, (gr_dtype)dtype, 2, (size_t[]){3, 4}), GR_OK);
        size_t bytes = 12 * gr_dtype_size(a.dtype);
        for (size_t i = 0; i < bytes; i++) ((unsigned char *)a.data)[i] = (unsigned char)(i + 1);
        gr_array t = gr_array_transpose(a);
        assert_int_equal(gr_array_clone(&b, &t), GR_OK);
        assert_true(gr_array_equal(&b, &t));
        *(unsigned char *)b.data ^= 1;
        assert_false(gr_array_equal(&b, &t));
        gr_array_free(&a);
        gr_array_free(&b);
    }
    double x[5] = {0, 1, 2, 3, 4};
    gr_array all = gr_array_of(x, GR_F64, 1, (size_t[]){5});
    gr_array head = gr_array_slice(all, 0, 0, 4, 1), tail = gr_array_slice(all, 0, 1, 5, 1);
    assert_int_equal(gr_array_copy(&tail, &head), GR_OK); // x[1:] = x[:-1]
    assert_memory_equal(x, ((double[]){0, 0, 1, 2, 3}), sizeof x);
    gr_array back = gr_array_slice(all, 0, GR_NONE, GR_NONE, -1);
    assert_int_equal(gr_array_copy(&all, &back), GR_OK); // x[:] = x[::-1]
    assert_memory_equal(x, ((double[]){3, 2, 1, 0, 0}), sizeof x);
    gr_array ints = gr_array_of((int[]){1}, GR_I32, 0, NULL);
    assert_int_equal(gr_array_copy(&all, &ints), GR_EARG);
    assert_int_equal(gr_array_copy(&head, &all), GR_EARG);
}

static void equal_means_type_shape_and_bits(void **state)
{
    (void)state;
    double zero[2] = {0.0, -0.0}, nan[2] = {__builtin_nan(""), __builtin_nan("")};
    gr_array a = gr_array_of(zero, GR_F64, 0, NULL), b = gr_array_of(zero + 1, GR_F64, 0, NULL);
    assert_false(gr_array_equal(&a, &b));
    gr_array p = gr_array_of(nan, GR_F64, 0, NULL), q = gr_array_of(nan + 1, GR_F64, 0, NULL);
    assert_true(gr_array_equal(&p, &q));
    gr_array row = gr_array_of(zero, GR_F64, 1, (size_t[]){2});
    gr_array wide = gr_array_newaxis(row, 0), bits = row;
    bits.dtype = GR_I64;
    assert_false(gr_array_equal(&row, &wide));
    assert_false(gr_array_equal(&row, &bits));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_array_is_zero_and_aligned),
        cmocka_unit_test(absurd_sizes_fail),
        cmocka_unit_test(shapes_read_as_in_python),
        cmocka_unit_test(slices_are_those_of_numpy),
        cmocka_unit_test(slicing_a_slice_reaches_the_same_element),
        cmocka_unit_test(newaxis_and_swap_move_no_element),
        cmocka_unit_test(broadcast_repeats_and_names_what_does_not_fit),
        cmocka_unit_test(the_iterator_visits_in_index_order),
        cmocka_unit_test(copies_between_any_strides),
        cmocka_unit_test(copies_of_every_type_and_of_overlaps),
        cmocka_unit_test(equal_means_type_shape_and_bits),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: BSD-3-Clause
// Files are written, read back, and damaged in every way that a seeded loop can think of.
#include "lib/npy.h"
#include "lib/rng.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = P_tmpdir "/gradus-npy-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder)) return -1;
    snprintf(path, sizeof path, "%s/a.npy", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder); // fails if a temporary file was left behind
}

static void write_bytes(const void *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

static size_t read_bytes(unsigned char *bytes, size_t most)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t n = fread(bytes, 1, most, file);
    fclose(file);
    return n;
}

// A file of the given version with this header and n bytes of elements.
static void write_file(int version, const char *header, const void *elements, size_t n)
{
    unsigned char bytes[4096] = "\x93NUMPY";
    size_t length = strlen(header), at = 10;
    bytes[6] = (unsigned char)version;
    bytes[8] = (unsigned char)(length & 0xff);
    bytes[9] = (unsigned char)(length >> 8);
    if (version > 1) at = 12;
    memcpy(bytes + at, header, length);
    memcpy(bytes + at + length, elements, n);
    write_bytes(bytes, at + length + n);
}

static gr_status load_text(const char *header, const void *elements, size_t n)
{
    gr_array a;
    write_file(1, header, elements, n);
    gr_status status = gr_npy_load(path, &a);
    if (status) assert_true(!a.owner && !strncmp(gr_errmsg(), path, strlen(path)));
    gr_array_free(&a);
    return status;
}

static void every_type_and_shape_comes_back(void **state)
{
    (void)state;
    static const struct {
        int ndim;
        size_t shape[GR_MAX_DIMS];
    } shapes[] = {{0, {0}},    {1, {0}},       {1, {1}},
                  {1, {9}},    {2, {3, 4}},    {2, {3, 0}},
                  {2, {0, 3}}, {3, {2, 3, 4}}, {8, {1, 2, 1, 2, 1, 2, 1, 2}}};
    for (int dtype = 0; dtype < GR_DTYPES; dtype++)
        for (size_t k = 0; k < sizeof shapes / sizeof shapes[0]; k++) {
            gr_array a, b;
            assert_int_equal(gr_array_new(&a, (gr_dtype)dtype, shapes[k].ndim, shapes[k].shape), 0);
            size_t bytes = gr_array_count(&a) * gr_dtype_size(a.dtype);
            for (size_t i = 0; i < bytes; i++) ((unsigned char *)a.data)[i] = (unsigned char)i;
            gr_array views[] = {a, gr_array_transpose(a),
                                a.ndim ? gr_array_slice(a, 0, GR_NONE, GR_NONE, -1) : a};
            for (int v = 0; v < 3; v++) {
                assert_int_equal(gr_npy_save(path, &views[v]), GR_OK);
                assert_int_equal(gr_npy_load(path, &b), GR_OK);
                assert_true(gr_array_equal(&b, &views[v]));
                gr_array_free(&b);
            }
            gr_array_free(&a);
        }
}

static void the_bytes_are_those_that_numpy_writes(void **state)
{
    (void)state;
    char want[128 + 24] = "\x93NUMPY\x01\x00\x76\x00"
                          "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }";
    size_t used = 10 + strlen(want + 10);
    memset(want + used, ' ', 128 - used);
    want[127] = '\n';
    double x[3] = {1, 2, -3};
    memcpy(want + 128, x, sizeof x);
    gr_array a = gr_array_of(x, GR_F64, 1, (size_t[]){3});
    assert_int_equal(gr_npy_save(path, &a), GR_OK);
    unsigned char got[200];
    size_t n = read_bytes(got, sizeof got);
    assert_int_equal(n, 128 + 24);
    assert_memory_equal(got, want, n);
}

static void saving_fails_without_a_trace(void **state)
{
    (void)state;
    double x = 1;
    gr_array a = gr_array_of(&x, GR_F64, 0, NULL);
    assert_int_equal(gr_npy_save("/nowhere/at/all.npy", &a), GR_ESYS);
    assert_int_equal(gr_npy_save(folder, &a), GR_ESYS); // a folder cannot be replaced
    char long_path[8192];
    memset(long_path, 'x', sizeof long_path - 1);
    long_path[sizeof long_path - 1] = 0;
    assert_int_equal(gr_npy_save(long_path, &a), GR_ESYS);
    gr_array none;
    assert_int_equal(gr_npy_load("/nowhere/at/all.npy", &none), GR_ESYS);
    assert_int_equal(gr_npy_load(folder, &none), GR_EUNSUP);
    char left[96];
    snprintf(left, sizeof left, "ls %s.*.new >/dev/null 2>&1", folder);
    assert_int_not_equal(system(left), 0);
}

static void versions_orders_and_byte_orders_are_read(void **state)
{
    (void)state;
    int x[6] = {1, 2, 3, 4, 5, 6};
    for (int version = 1; version <= 3; version++) {
        gr_array a;
        write_file(version, "{'descr': '<i4', 'fortran_order': True, 'shape': (2, 3), }\n", x, 24);
        assert_int_equal(gr_npy_load(path, &a), GR_OK);
        assert_int_equal(a.stride[0], 1);
        assert_int_equal(*(int *)gr_array_at(&a, (size_t[]){1, 2}), 6);
        assert_int_equal(*(int *)gr_array_at(&a, (size_t[]){0, 1}), 3);
        gr_array_free(&a);
    }
    gr_array b;
    write_file(1, "{\"shape\":(2L,),'descr':'>i4','fortran_order':False}", "\0\0\1\2\3\4\5\6", 8);
    assert_int_equal(gr_npy_load(path, &b), GR_OK);
    assert_int_equal(((int *)b.data)[0], 0x102);
    assert_int_equal(((int *)b.data)[1], 0x3040506);
    gr_array_free(&b);
}

static void hostile_headers_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "{",
        "}",
        "{}",
        "{'descr': '<f8'}",
        "x",
        "(",
        "{'shape': (1,), 'fortran_order': False}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1,}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1 1)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1,,1)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (18446744073709551617,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2305843009213693952, 8)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 4, 0)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': ()",
        "{'descr': '<f8', 'fortran_order': 0, 'shape': (1,)}",
        "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'more': 1}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)} and more",
        "{'descr': '<f8' 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f8",
        "{'descr': 8, 'fortran_order': False, 'shape': (1,)}",
    };
    static const char *const unsupported[] = {
        "{'descr': '<f2', 'fortran_order': False, 'shape': (4,)}",
        "{'descr': '|f8', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}",
        "{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1)}",
    };
    const double one = 1;
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++)
        assert_int_equal(load_text(bad[k], &one, sizeof one), GR_EDATA);
    for (size_t k = 0; k < sizeof unsupported / sizeof unsupported[0]; k++)
        assert_int_equal(load_text(unsupported[k], &one, sizeof one), GR_EUNSUP);
    const char *good = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }";
    assert_int_equal(load_text(good, &one, sizeof one), GR_OK);
    assert_int_equal(load_text(good, &one, sizeof one - 1), GR_EDATA);
    write_file(4, good, &one, sizeof one);
    gr_array a;
    assert_int_equal(gr_npy_load(path, &a), GR_EUNSUP);
    write_bytes("\x93NUMPY\x02\x00\xff\xff\xff\xff", 12);
    assert_int_equal(gr_npy_load(path, &a), GR_EDATA);
}

static void no_prefix_of_a_file_is_a_file(void **state)
{
    (void)state;
    unsigned char bytes[512];
    double x[12] = {0};
    gr_array a = gr_array_of(x, GR_F64, 2, (size_t[]){3, 4}), b;
    assert_int_equal(gr_npy_save(path, &a), GR_OK);
    size_t n = read_bytes(bytes, sizeof bytes);
    for (size_t k = 0; k < n; k++) {
        write_bytes(bytes, k);
        assert_int_equal(gr_npy_load(path, &b), GR_EDATA);
    }
    bytes[n] = 0;
    write_bytes(bytes, n + 1);
    assert_int_equal(gr_npy_load(path, &b), GR_EDATA);
}

// Flips, overwrites, inserts and deletes bytes. Whatever comes back must be a whole array.
static void damaged_files_never_crash(void **state)
{
    (void)state;
    static const char tokens[] = "{}()[]'\",:L0123456789-TrueFalse<>=|f8 \0\xff";
    unsigned char good[512], bytes[512];
    double x[12] = {0}, sum;
    gr_array a = gr_array_of(x, GR_F64, 2, (size_t[]){3, 4}), b;
    assert_int_equal(gr_npy_save(path, &a), GR_OK);
    size_t n = read_bytes(good, sizeof good), loaded = 0;
    uint64_t rounds = getenv("GRADUS_FEW") ? 2000 : 20000; // few for Valgrind
    for (uint64_t round = 0; round < rounds; round++) {
        gr_rng rng = gr_rng_of(2012, round);
        size_t length = n;
        memcpy(bytes, good, n);
        for (size_t k = 1 + gr_rng_below(&rng, 3); k > 0; k--) {
            size_t at = gr_rng_below(&rng, gr_rng_below(&rng, 2) ? 80 : length),
                   kind = gr_rng_below(&rng, 4);
            unsigned char token = (unsigned char)tokens[gr_rng_below(&rng, sizeof tokens)];
            if (kind == 0) bytes[at] ^= (unsigned char)(1 << gr_rng_below(&rng, 8));
            if (kind == 1) bytes[at] = token;
            if (kind == 2) memmove(bytes + at, bytes + at + 1, --length - at);
            if (kind == 3) {
                memmove(bytes + at + 1, bytes + at, length++ - at);
                bytes[at] = token;
            }
        }
        write_bytes(bytes, length);
        gr_status status = gr_npy_load(path, &b);
        assert_true(!status || status == GR_EDATA || status == GR_EUNSUP);
        if (!status && b.dtype == GR_F64) assert_int_equal(gr_array_sum(&sum, &b), GR_OK);
        loaded += !status;
        gr_array_free(&b);
    }
    assert_true(loaded > rounds / 200); // the loop reaches past the header
}

// gr_npy_header is what gr_npy_save writes, for the longest header there is, too.
static void headers_are_those_of_saved_files(void **state)
{
    (void)state;
    static const size_t shapes[][GR_MAX_DIMS] = {
        {0}, {3}, {7, 0, 2}, {2, 1, 3, 1, 1, 2, 1, 1}, {0, SIZE_MAX >> 9}};
    static const int dims[] = {0, 1, 3, 8, 2};
    for (int k = 0; k < 5; k++) {
        gr_array a;
        char text[GR_NPY_HEADER];
        unsigned char saved[GR_NPY_HEADER];
        assert_int_equal(gr_array_new(&a, GR_F32, dims[k], shapes[k]), GR_OK);
        assert_int_equal(gr_npy_save(path, &a), GR_OK);
        size_t n = gr_npy_header(text, GR_F32, dims[k], shapes[k]);
        assert_int_equal(n % 64, 0);
        assert_true(read_bytes(saved, n) == n && !memcmp(saved, text, n));
        gr_array_free(&a);
    }
    size_t wide[GR_MAX_DIMS];
    char text[GR_NPY_HEADER];
    for (int d = 0; d < GR_MAX_DIMS; d++) wide[d] = SIZE_MAX;
    assert_in_range(gr_npy_header(text, GR_F64, GR_MAX_DIMS, wide), 64, GR_NPY_HEADER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_and_shape_comes_back),
        cmocka_unit_test(the_bytes_are_those_that_numpy_writes),
        cmocka_unit_test(headers_are_those_of_saved_files),
        cmocka_unit_test(saving_fails_without_a_trace),
        cmocka_unit_test(versions_orders_and_byte_orders_are_read),
        cmocka_unit_test(hostile_headers_are_refused),
        cmocka_unit_test(no_prefix_of_a_file_is_a_file),
        cmocka_unit_test(damaged_files_never_crash),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

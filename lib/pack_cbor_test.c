// SPDX-License-Identifier: BSD-3-Clause
// The packed format against the examples of RFC 8949 (appendix A), and against libcbor: it reads
// what we write, and we read what it writes.
#include "lib/pack.h"
#include "lib/rng.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cbor.h>
#include <cmocka.h>

static const gr_func square = {.name = "square"};
static const gr_func *const funcs[] = {&square, NULL};

enum { ROOM = 512, START = 3 }; // bytes; the tag that says "this is CBOR"

// Hexadecimal digits to bytes, behind the first tag.
static size_t bytes_of(const char *hex, unsigned char *bytes)
{
    size_t n = START;
    memcpy(bytes, "\xd9\xd9\xf7", START);
    for (unsigned byte; sscanf(hex, "%2x", &byte) == 1; hex += 2) bytes[n++] = (unsigned char)byte;
    return n;
}

static gr_status load_hex(const char *hex, gr_value *v)
{
    unsigned char bytes[ROOM];
    size_t n = bytes_of(hex, bytes);
    return gr_loads(bytes, n, v, funcs);
}

static void assert_hex(const gr_value *v, const char *hex)
{
    unsigned char want[ROOM];
    size_t n = bytes_of(hex, want);
    gr_bytes b;
    gr_value got;
    assert_int_equal(gr_dumps(v, GR_PROTOCOL_PACKED, &b), GR_OK);
    assert_int_equal(b.size, n);
    assert_memory_equal(b.data, want, n);
    assert_int_equal(load_hex(hex, &got), GR_OK);
    assert_true(gr_value_equal(&got, v));
    gr_value_free(&got);
    free(b.data);
}

static void the_bytes_are_those_of_the_standard(void **state)
{
    (void)state;
    static const struct {
        int64_t integer;
        const char *hex;
    } integers[] = {
        {0, "00"},
        {23, "17"},
        {24, "1818"},
        {255, "18ff"},
        {256, "190100"},
        {1000, "1903e8"},
        {1000000, "1a000f4240"},
        {INT64_C(1) << 32, "1b0000000100000000"},
        {INT64_C(1000000000000), "1b000000e8d4a51000"},
        {INT64_MAX, "1b7fffffffffffffff"},
        {-1, "20"},
        {-100, "3863"},
        {-1000, "3903e7"},
        {INT64_MIN, "3b7fffffffffffffff"},
    };
    for (size_t k = 0; k < sizeof integers / sizeof *integers; k++) {
        gr_value v = gr_value_int(integers[k].integer);
        assert_hex(&v, integers[k].hex);
    }
    gr_value none = {0}, d = gr_value_double(1.1), s = gr_value_string("\xc3\xbc"),
             b = gr_value_bytes("\1\2\3\4", 4), empty = gr_value_list(NULL, 0),
             f = gr_value_func(&square, "\1", 1);
    assert_hex(&none, "f6");
    assert_hex(&d, "fb3ff199999999999a");
    assert_hex(&s, "62c3bc");
    assert_hex(&b, "4401020304");
    assert_hex(&empty, "80");
    assert_hex(&f, "d81b836b6772616475732f66756e63667371756172654101");
    gr_value three[] = {gr_value_int(1), gr_value_int(2), gr_value_int(3)};
    gr_value list = gr_value_list(three, 3), dict = gr_dict_new();
    assert_hex(&list, "83010203");
    assert_int_equal(gr_dict_set(&dict, "b", gr_value_list(three + 1, 2)), GR_OK);
    assert_int_equal(gr_dict_set(&dict, "a", gr_value_int(1)), GR_OK);
    assert_hex(&dict, "a26161016162820203");
    gr_value_free(&dict);
}

static void arrays_are_typed_arrays(void **state)
{
    (void)state;
    if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__) skip();
    double one = 1;
    unsigned char bytes[6] = {1, 2, 3, 4, 5, 6};
    int32_t i = -2;
    int64_t wide = -2;
    float f = 1;
    const struct {
        gr_array a;
        const char *hex;
    } arrays[] = {
        {gr_array_of(&one, GR_F64, 1, (size_t[]){1}), "d85648000000000000f03f"},
        {gr_array_of(&one, GR_F64, 0, NULL), "d8288280d85648000000000000f03f"},
        {gr_array_of(&f, GR_F32, 1, (size_t[]){1}), "d855440000803f"},
        {gr_array_of(&i, GR_I32, 1, (size_t[]){1}), "d84e44feffffff"},
        {gr_array_of(&wide, GR_I64, 1, (size_t[]){1}), "d84f48feffffffffffffff"},
        {gr_array_of(bytes, GR_U8, 2, (size_t[]){2, 3}), "d82882820203d84046010203040506"},
        {gr_array_transpose(gr_array_of(bytes, GR_U8, 2, (size_t[]){2, 3})),
         "d82882820302d84046010402050306"},
        {gr_array_of(bytes, GR_U8, 2, (size_t[]){2, 0}), "d82882820200d84040"},
    };
    for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++) {
        gr_value v = gr_value_array(&arrays[k].a);
        assert_hex(&v, arrays[k].hex);
    }
    // RFC 8746, 1.1 and 3: one dimension may have a shape, too; big-endian.
    gr_value v;
    assert_int_equal(load_hex("d828828102d84a480000000100000002", &v), GR_OK);
    assert_int_equal(v.array->ndim, 1);
    assert_int_equal(((int32_t *)v.array->data)[1], 2);
    gr_value_free(&v);
}

// Of half precision: the standard's examples, and NaN with its sign and payload.
static void shorter_floats_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        double d;
    } floats[] = {
        {"f90000", 0.0},
        {"f98000", -0.0},
        {"f93c00", 1.0},
        {"f93e00", 1.5},
        {"f97bff", 65504.0},
        {"f90001", 5.960464477539063e-8},
        {"f90400", 0.00006103515625},
        {"f9c400", -4.0},
        {"f97c00", INFINITY},
        {"f9fc00", -INFINITY},
        {"fa47c35000", 100000.0},
        {"fa7f7fffff", 3.4028234663852886e+38},
        {"fb7e37e43c8800759c", 1.0e+300},
        {"fbc010666666666666", -4.1},
    };
    for (size_t k = 0; k < sizeof floats / sizeof *floats; k++) {
        gr_value v, want = gr_value_double(floats[k].d);
        assert_int_equal(load_hex(floats[k].hex, &v), GR_OK);
        assert_true(gr_value_equal(&v, &want));
    }
    static const struct {
        const char *hex;
        uint64_t bits;
    } nans[] = {
        {"f97e00", 0x7ff8000000000000},
        {"f9fe01", 0xfff8040000000000},
        {"fbfff800000000dead", 0xfff800000000dead},
        {"fb7ff0000000000001", 0x7ff0000000000001},
    };
    for (size_t k = 0; k < sizeof nans / sizeof *nans; k++) {
        gr_value v;
        assert_int_equal(load_hex(nans[k].hex, &v), GR_OK);
        assert_memory_equal(&v.number, &nans[k].bits, 8);
    }
}

static void what_is_not_ours_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", // nothing
        "1c",
        "1d",
        "1e",
        "fc", // reserved
        "18",
        "19ff",
        "1a000000", // heads cut off
        "41",
        "6161ff", // a string cut off; bytes behind one
        "61ff",
        "62c080",
        "63eda080",
        "64f4908080",
        "6100", // not UTF-8; a 0
        "8101ff",
        "8201",
        "9bffffffffffffffff", // lists
        "bb8000000000000000",
        "a16161",
        "a10102",
        "a2616101616102", // dictionaries; a name twice
        "5b7fffffffffffffff",
        "5bffffffffffffffff",
        "7bffffffffffffffff",
        "d85641ff", // one byte of float64
        "d85601",   // no bytes
        "d8288180",
        "d82883808000",
        "d82801",
        "d8288201d84040",   // grids
        "d828828101d84040", // the shape needs 1
        "d828828200d84040", // a shape without its end
        "d82882821b40000000000000001b4000000000000000d84040",
        "d828828900", // nine dimensions
        "d828828120d84040",
        "d81b80",
        "d81b83010203",
        "d81b836b6772616475732f66756e630140", // objects
    };
    static const char *const unsupported[] = {
        "f4",
        "f5",
        "f7",
        "f8ff", // false, true, undefined, simple 255
        "1bffffffffffffffff",
        "1b8000000000000000",
        "3bffffffffffffffff", // more than 63 bits
        "9fff",
        "bfff",
        "5fff",
        "7fff",
        "ff", // indefinite lengths
        "c11a514b67b0",
        "c249010000000000000000", // a time, a large number
        "d84140",
        "d84540",
        "d85040",
        "d85340",
        "d84840",                                     // uint16, float16, float128, int8
        "d9041082820101d8400101",                     // column-major
        "d81b8361614040",                             // an object of another kind
        "d81b836b6772616475732f66756e63646375626540", // a function that is not in the table
    };
    gr_value v;
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        if (load_hex(bad[k], &v) != GR_EDATA) fail_msg("%s: %s", bad[k], gr_errmsg());
    }
    for (size_t k = 0; k < sizeof unsupported / sizeof *unsupported; k++) {
        if (load_hex(unsupported[k], &v) != GR_EUNSUP)
            fail_msg("%s: %s", unsupported[k], gr_errmsg());
    }
    char deep[2 * GR_VALUE_DEPTH + 8] = "";
    for (int d = 0; d < GR_VALUE_DEPTH; d++) strcat(deep, "81");
    assert_int_equal(load_hex(strcat(deep, "00"), &v), GR_OK);
    gr_value_free(&v);
    memcpy(deep + 2 * GR_VALUE_DEPTH, "8100", 5);
    assert_int_equal(load_hex(deep, &v), GR_EDATA);
}

// ---- another library ----

// A random value of numbers, strings, lists and dictionaries, as libcbor builds it.
static cbor_item_t *random_item(gr_rng *rng, int depth)
{
    uint64_t bits = gr_rng_u64(rng) >> gr_rng_below(rng, 64) >> 1;
    double d;
    cbor_item_t *item;
    char name[48];
    switch (gr_rng_below(rng, depth < 4 ? 7 : 5)) {
    case 0:
        return cbor_build_uint64(bits);
    case 1:
        return cbor_build_negint64(bits);
    case 2:
        bits = gr_rng_u64(rng);
        memcpy(&d, &bits, sizeof d);
        return gr_rng_below(rng, 2) ? cbor_build_float8(d)
                                    : cbor_build_float4((float)gr_rng_unit(rng));
    case 3:
        return cbor_build_bytestring((unsigned char *)&bits, gr_rng_below(rng, 9));
    case 4:
        snprintf(name, sizeof name, "%llx", (unsigned long long)bits);
        return cbor_build_string(name);
    case 5:
        item = cbor_new_definite_array(gr_rng_below(rng, 5));
        for (size_t i = 0, n = cbor_array_allocated(item); i < n; i++)
            assert_true(cbor_array_push(item, cbor_move(random_item(rng, depth + 1))));
        return item;
    default:
        item = cbor_new_definite_map(gr_rng_below(rng, 5));
        for (size_t i = 0, n = cbor_map_allocated(item); i < n; i++) {
            snprintf(name, sizeof name, "%zu-%zu", i * 7 % 5, i);
            assert_true(
                cbor_map_add(item, (struct cbor_pair){cbor_move(cbor_build_string(name)),
                                                      cbor_move(random_item(rng, depth + 1))}));
        }
        return item;
    }
}

static void another_library_agrees(void **state)
{
    (void)state;
    size_t bytes = 0;
    for (uint64_t k = 0; k < 20000; k++) {
        gr_rng rng = gr_rng_of(11, k);
        cbor_item_t *item = random_item(&rng, 0), *back;
        unsigned char *theirs, *again;
        size_t room, n = cbor_serialize_alloc(item, &theirs, &room);
        struct cbor_load_result result;
        gr_value v, w;
        gr_bytes ours;
        unsigned char *tagged = malloc(n + START);
        memcpy(tagged, "\xd9\xd9\xf7", START);
        memcpy(tagged + START, theirs, n);
        if (gr_loads(tagged, n + START, &v, NULL)) fail_msg("%s", gr_errmsg());
        assert_int_equal(gr_dumps(&v, GR_PROTOCOL_PACKED, &ours), GR_OK);
        back = cbor_load(ours.data, ours.size, &result);
        assert_non_null(back);
        assert_int_equal(result.error.code, CBOR_ERR_NONE);
        assert_int_equal(result.read, ours.size);
        assert_true(cbor_isa_tag(back) && cbor_tag_value(back) == 55799);
        size_t m = cbor_serialize_alloc(back, &again, &room);
        assert_int_equal(gr_loads(again, m, &w, NULL), GR_OK);
        assert_true(gr_value_equal(&v, &w));
        bytes += n;
        gr_value_free(&v);
        gr_value_free(&w);
        free(ours.data);
        free(tagged);
        free(theirs);
        free(again);
        cbor_decref(&back);
        cbor_decref(&item);
    }
    assert_true(bytes > 200000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bytes_are_those_of_the_standard),
        cmocka_unit_test(arrays_are_typed_arrays),
        cmocka_unit_test(shorter_floats_are_read),
        cmocka_unit_test(what_is_not_ours_is_refused),
        cmocka_unit_test(another_library_agrees),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

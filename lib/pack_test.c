// SPDX-License-Identifier: BSD-3-Clause
// Values through memory, files and pipes, in every protocol; and what must be refused.
#include "lib/pack.h"
#include "lib/stream.h"
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = P_tmpdir "/gradus-pack-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder)) return -1;
    snprintf(path, sizeof path, "%s/a.gr", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder); // fails if a temporary file was left behind
}

static const gr_func fermat = {.name = "fermat"}, square = {.name = "square"};
static const gr_func *const funcs[] = {&fermat, &square, NULL};

// One of everything. Looks at memory that lives as long as the program.
static gr_value example(void)
{
    static double numbers[24], zero;
    static int32_t ints[6] = {1, -2, INT32_MAX, INT32_MIN, 5, 6};
    static gr_array grid, column, scalar, empty, bytes, backwards;
    static gr_value items[6];
    for (int i = 0; i < 24; i++) numbers[i] = i / 7.0;
    numbers[3] = NAN, numbers[4] = -INFINITY, numbers[5] = -0.0, numbers[6] = 5e-324;
    grid = gr_array_transpose(gr_array_of(numbers, GR_F64, 3, (size_t[]){2, 3, 4}));
    column = gr_array_slice(gr_array_of(ints, GR_I32, 2, (size_t[]){3, 2}), 1, 1, 2, 1);
    backwards =
        gr_array_slice(gr_array_of(numbers, GR_F64, 1, (size_t[]){24}), 0, GR_NONE, GR_NONE, -5);
    scalar = gr_array_of(&zero, GR_F64, 0, NULL);
    empty = gr_array_of(&zero, GR_F32, 2, (size_t[]){0, 3});
    bytes = gr_array_of("\0\1\xff", GR_U8, 1, (size_t[]){3});
    items[0] = gr_value_int(INT64_MIN);
    items[1] = gr_value_string("caf\xc3\xa9 \"\\\n\x7f");
    items[2] = gr_value_list(NULL, 0);
    items[3] = gr_dict_new();
    items[4] = gr_value_array(&bytes);
    items[5] = (gr_value){0};
    gr_value dict = gr_dict_new();
    const struct {
        const char *name;
        gr_value value;
    } pairs[] = {
        {"grid", gr_value_array(&grid)},           {"column", gr_value_array(&column)},
        {"scalar", gr_value_array(&scalar)},       {"empty", gr_value_array(&empty)},
        {"backwards", gr_value_array(&backwards)}, {"x", gr_value_double(0.1)},
        {"largest", gr_value_int(INT64_MAX)},      {"", gr_value_string("")},
        {"raw", gr_value_bytes("\0\x89\xff", 3)},  {"none", gr_value_bytes(NULL, 0)},
        {"list", gr_value_list(items, 6)},         {"cost", gr_value_func(&square, "\1\0\2", 3)},
        {"test", gr_value_func(&fermat, NULL, 0)},
    };
    for (size_t k = 0; k < sizeof pairs / sizeof *pairs; k++)
        assert_int_equal(gr_dict_set(&dict, pairs[k].name, pairs[k].value), GR_OK);
    return dict;
}

static void assert_loads(const gr_bytes *b, const gr_value *want)
{
    gr_value got;
    gr_status status = gr_loads(b->data, b->size, &got, funcs);
    if (status) fail_msg("%s", gr_errmsg());
    assert_true(gr_value_equal(&got, want));
    gr_value_free(&got);
}

static void everything_comes_back(void **state)
{
    (void)state;
    gr_value v = example(), got;
    for (int p = 0; p < GR_PROTOCOLS; p++) {
        gr_bytes b, again;
        size_t size;
        assert_int_equal(gr_dumps(&v, (gr_protocol)p, &b), GR_OK);
        assert_int_equal(gr_dump_size(&v, (gr_protocol)p, &size), GR_OK);
        assert_int_equal(size, b.size);
        assert_loads(&b, &v);
        assert_int_equal(gr_loads(b.data, b.size, &got, funcs), GR_OK);
        assert_int_equal(gr_dumps(&got, (gr_protocol)p, &again),
                         GR_OK); // what was loaded dumps alike
        assert_int_equal(again.size, b.size);
        assert_memory_equal(again.data, b.data, b.size);
        gr_value_free(&got);
        assert_int_equal(gr_dump(path, &v, (gr_protocol)p), GR_OK);
        assert_int_equal(gr_load(path, &got, funcs), GR_OK);
        assert_true(gr_value_equal(&got, &v));
        gr_value_free(&got);
        assert_int_equal(gr_dump_into(again.data, b.size - 1, &v, (gr_protocol)p), GR_EARG);
        free(b.data);
        free(again.data);
    }
    gr_value_free(&v);
}

static void an_array_owns_aligned_elements(void **state)
{
    (void)state;
    size_t n = 1 << 20; // 8 MiB: large pages, many pieces
    gr_array a;
    gr_bytes b;
    assert_int_equal(gr_array_new(&a, GR_F64, 1, &n), GR_OK);
    for (size_t i = 0; i < n; i++) ((double *)a.data)[i] = (double)i * 0.37;
    gr_value v = gr_value_array(&a), got;
    assert_int_equal(gr_dumps(&v, GR_PROTOCOL_FRAMED, &b), GR_OK);
    assert_int_equal(gr_loads(b.data, b.size, &got, NULL), GR_OK);
    assert_true(gr_value_equal(&v, &got));
    assert_int_equal((uintptr_t)got.array->data % 64, 0);
    gr_value_free(&got);
    free(b.data);
    gr_array_free(&a);
}

// Into rows of a larger array, into a block, through memory and a pipe; and what does not fit.
static void an_array_is_loaded_into_another(void **state)
{
    (void)state;
    double from[6] = {1, 2, 3, -0.0, NAN, 6}, to[24];
    gr_array a = gr_array_of(from, GR_F64, 2, (size_t[]){2, 3});
    gr_array block = gr_array_of(to, GR_F64, 2, (size_t[]){2, 3});
    gr_array large = gr_array_of(to, GR_F64, 2, (size_t[]){4, 6});
    gr_array rows = gr_array_slice(gr_array_slice(large, 0, 0, 4, 2), 1, 0, 6, 2);
    gr_array turned = gr_array_transpose(block), ints = block;
    gr_value v = gr_value_array(&a), number = gr_value_int(1);
    ints.dtype = GR_I64;
    for (int p = 0; p < GR_PROTOCOLS; p++) {
        gr_bytes b;
        int ends[2];
        assert_int_equal(gr_dumps(&v, (gr_protocol)p, &b), GR_OK);
        const gr_array *const places[] = {&block, &rows};
        for (int k = 0; k < 2; k++) {
            memset(to, 0, sizeof to);
            assert_int_equal(gr_loads_into(b.data, b.size, places[k]), GR_OK);
            assert_true(gr_array_equal(places[k], &a));
        }
        assert_true(to[1] == 0 && to[6] == 0); // between the rows, and between their elements
        memset(to, 0, sizeof to);
        assert_int_equal(pipe(ends), 0);
        assert_int_equal(write(ends[1], b.data, b.size), b.size);
        close(ends[1]);
        assert_int_equal(gr_load_fd_into(ends[0], &block), GR_OK);
        assert_true(gr_array_equal(&block, &a));
        close(ends[0]);
        assert_int_equal(gr_loads_into(b.data, b.size, &turned), GR_EARG);
        assert_string_equal(gr_errmsg(), "float64 (2, 3): expected float64 (3, 2)");
        assert_int_equal(gr_loads_into(b.data, b.size, &ints), GR_EARG);
        assert_int_equal(gr_loads_into(b.data, b.size - 2, &block), GR_EDATA);
        free(b.data);
        assert_int_equal(gr_dumps(&number, (gr_protocol)p, &b), GR_OK);
        assert_int_equal(gr_loads_into(b.data, b.size, &block), GR_EARG);
        assert_string_equal(gr_errmsg(), "an integer: expected an array");
        free(b.data);
    }
}

// Every byte of a frame, changed in every bit, is noticed; so is every end that is cut off.
static void a_frame_notices_all_damage(void **state)
{
    (void)state;
    gr_value v = example(), got;
    gr_bytes b;
    assert_int_equal(gr_dumps(&v, GR_PROTOCOL_FRAMED, &b), GR_OK);
    unsigned char *bytes = b.data;
    for (size_t i = 0; i < b.size; i++)
        for (int bit = 0; bit < 8; bit++) {
            bytes[i] ^= (unsigned char)(1 << bit);
            gr_status status = gr_loads(bytes, b.size, &got, funcs);
            assert_true(status == GR_EDATA || status == GR_EUNSUP);
            assert_int_equal(got.kind, GR_VALUE_NONE);
            bytes[i] ^= (unsigned char)(1 << bit);
        }
    for (size_t n = 0; n < b.size; n++) assert_int_equal(gr_loads(bytes, n, &got, funcs), GR_EDATA);
    assert_loads(&b, &v);
    free(b.data);
    gr_value_free(&v);
}

// Packed and text know where they end, and that nothing may follow.
static void no_prefix_is_a_value(void **state)
{
    (void)state;
    gr_value v = example(), got;
    for (int p = 0; p < GR_PROTOCOLS; p++) {
        gr_bytes b;
        assert_int_equal(gr_dumps(&v, (gr_protocol)p, &b), GR_OK);
        char *longer = calloc(1, b.size + 1);
        memcpy(longer, b.data, b.size);
        size_t end = p == GR_PROTOCOL_TEXT ? b.size - 1 : b.size; // the last newline may be missing
        for (size_t n = 0; n < end; n++)
            assert_int_equal(gr_loads(longer, n, &got, funcs), GR_EDATA);
        assert_int_equal(gr_loads(longer, b.size + 1, &got, funcs), GR_EDATA);
        assert_non_null(strstr(gr_errmsg(), "there are bytes after the value"));
        free(longer);
        free(b.data);
    }
    gr_value_free(&v);
}

// A frame with its header changed, and its checksums made right again.
static gr_status load_changed(size_t at, unsigned char byte)
{
    gr_value v = gr_value_int(5), got;
    unsigned char bytes[64];
    size_t size;
    assert_int_equal(gr_dump_size(&v, GR_PROTOCOL_FRAMED, &size), GR_OK);
    assert_int_equal(size, 24 + 1 + 8);
    assert_int_equal(gr_dump_into(bytes, size, &v, GR_PROTOCOL_FRAMED), GR_OK);
    bytes[at] = byte;
    memset(bytes + 12, 0, 4);
    uint32_t check = (uint32_t)gr_sum_of(bytes, 24);
    memcpy(bytes + 12, &check, 4);
    uint64_t sum = gr_sum_of(bytes, size - 8);
    memcpy(bytes + size - 8, &sum, 8);
    gr_status status = gr_loads(bytes, size, &got, NULL);
    gr_value_free(&got);
    return status;
}

static void newer_versions_are_refused_by_name(void **state)
{
    (void)state;
    gr_value got;
    const char *newer = "written in version 2 of the format: this program reads up to version 1";
    assert_int_equal(load_changed(8, 1), GR_OK);
    assert_int_equal(load_changed(8, 2), GR_EUNSUP);
    assert_non_null(strstr(gr_errmsg(), newer));
    assert_int_equal(load_changed(8, 0), GR_EDATA);
    assert_int_equal(load_changed(9, 'X'), GR_EDATA);
    assert_int_equal(load_changed(10, 1), GR_EDATA);
    assert_int_equal(load_changed(11, 1), GR_EDATA);
    assert_int_equal(load_changed(16, 2), GR_EDATA);
    assert_int_equal(gr_loads("gradus text 2\n5", 15, &got, NULL), GR_EUNSUP);
    assert_non_null(strstr(gr_errmsg(), newer));
    assert_int_equal(gr_loads("gradus text 0\n5", 15, &got, NULL), GR_EDATA);
    assert_int_equal(gr_loads("gradus text 10000000000\n5", 25, &got, NULL), GR_EDATA);
    assert_int_equal(gr_loads("gradus text\n5", 13, &got, NULL), GR_EDATA);
    assert_int_equal(gr_loads("gradus text 1\n5", 15, &got, NULL), GR_OK);
    assert_int_equal(got.integer, 5);
}

// What a machine of the other byte order writes: [1.0, -2.0] as float64, and the int32 0x01020304.
static void the_other_byte_order_is_read(void **state)
{
    (void)state;
    char other = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 'B' : 'L';
    unsigned char bytes[128] = "\x89GRADUS\n\x01", body[64], *end = body;
    double x[2] = {1.0, -2.0};
    int32_t i = 0x01020304;
    *end++ = 0x82;
    *end++ = 0xd8, *end++ = other == 'B' ? 82 : 86, *end++ = 0x50;
    for (int k = 0; k < 2; k++)
        for (int j = 7; j >= 0; j--) *end++ = ((unsigned char *)&x[k])[j];
    *end++ = 0xd8, *end++ = other == 'B' ? 74 : 78, *end++ = 0x44;
    for (int j = 3; j >= 0; j--) *end++ = ((unsigned char *)&i)[j];
    uint64_t length = (uint64_t)(end - body), swapped = __builtin_bswap64(length);
    bytes[9] = (unsigned char)other;
    memcpy(bytes + 16, &swapped, 8);
    uint32_t check = __builtin_bswap32((uint32_t)gr_sum_of(bytes, 24));
    memcpy(bytes + 12, &check, 4);
    memcpy(bytes + 24, body, length);
    uint64_t sum = __builtin_bswap64(gr_sum_of(bytes, 24 + length));
    memcpy(bytes + 24 + length, &sum, 8);
    gr_value v;
    assert_int_equal(gr_loads(bytes, 24 + length + 8, &v, NULL), GR_OK);
    assert_memory_equal(v.items[0].array->data, x, sizeof x);
    assert_memory_equal(v.items[1].array->data, &i, sizeof i);
    gr_value_free(&v);
    // An array in another order than the frame's is damage; without a frame it is not.
    bytes[26] = other == 'B' ? 86 : 82;
    sum = __builtin_bswap64(gr_sum_of(bytes, 24 + length));
    memcpy(bytes + 24 + length, &sum, 8);
    assert_int_equal(gr_loads(bytes, 24 + length + 8, &v, NULL), GR_EDATA);
    memcpy(bytes + 21, "\xd9\xd9\xf7", 3);
    assert_int_equal(gr_loads(bytes + 21, 3 + length, &v, NULL), GR_OK);
    assert_memory_equal(v.items[1].array->data, &i, sizeof i);
    gr_value_free(&v);
}

static void functions_come_out_of_the_callers_table(void **state)
{
    (void)state;
    static const gr_func *const others[] = {&fermat, NULL};
    static const gr_func near = {.name = "squares"}, *const misspelt[] = {&fermat, &near, NULL};
    gr_value v = gr_value_func(&square, "ctx", 3), got;
    for (int p = 0; p < GR_PROTOCOLS; p++) {
        gr_bytes b;
        assert_int_equal(gr_dumps(&v, (gr_protocol)p, &b), GR_OK);
        assert_loads(&b, &v);
        assert_int_equal(gr_loads(b.data, b.size, &got, NULL), GR_EUNSUP);
        assert_non_null(strstr(gr_errmsg(), "function 'square': no table to look it up in"));
        assert_int_equal(gr_loads(b.data, b.size, &got, others), GR_EUNSUP);
        assert_non_null(strstr(gr_errmsg(), "no function 'square' in the table"));
        assert_int_equal(gr_loads(b.data, b.size, &got, misspelt), GR_EUNSUP);
        assert_non_null(strstr(gr_errmsg(), "the nearest is 'squares'"));
        free(b.data);
    }
}

// What cannot be loaded is not dumped.
static void bad_values_are_arguments(void **state)
{
    (void)state;
    gr_value nest[GR_VALUE_DEPTH + 2] = {{0}}, got;
    for (int d = 1; d < GR_VALUE_DEPTH + 2; d++) nest[d] = gr_value_list(&nest[d - 1], 1);
    gr_value bad = gr_value_string("\xff"), name = gr_dict_new();
    assert_int_equal(gr_dict_set(&name, "\xc0\x80", gr_value_int(1)), GR_OK);
    for (int p = 0; p < GR_PROTOCOLS; p++) {
        gr_bytes b;
        assert_int_equal(gr_dumps(&nest[GR_VALUE_DEPTH + 1], (gr_protocol)p, &b), GR_EARG);
        assert_null(b.data);
        assert_int_equal(gr_dumps(&bad, (gr_protocol)p, &b), GR_EARG);
        assert_int_equal(gr_dumps(&name, (gr_protocol)p, &b), GR_EARG);
        assert_int_equal(gr_dumps(&nest[GR_VALUE_DEPTH], (gr_protocol)p, &b), GR_OK);
        assert_int_equal(gr_loads(b.data, b.size, &got, NULL), GR_OK);
        gr_value_free(&got);
        free(b.data);
    }
    gr_value_free(&name);
}

// ---- files ----

static void a_full_disk_keeps_the_old_file(void **state)
{
    (void)state;
    gr_value old = gr_value_int(7), got;
    size_t n = 100000;
    gr_array a;
    assert_int_equal(gr_array_new(&a, GR_F64, 1, &n), GR_OK);
    gr_value large = gr_value_array(&a);
    assert_int_equal(gr_dump(path, &old, GR_PROTOCOL_FRAMED), GR_OK);
    struct rlimit before, small = {300000, RLIM_INFINITY};
    getrlimit(RLIMIT_FSIZE, &before);
    small.rlim_max = before.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small); // files end after 300,000 bytes
    gr_status status = gr_dump(path, &large, GR_PROTOCOL_FRAMED);
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, SIG_DFL);
    assert_int_equal(status, GR_ESYS);
    assert_non_null(strstr(gr_errmsg(), path));
    assert_int_equal(gr_load(path, &got, NULL), GR_OK);
    assert_int_equal(got.integer, 7);
    gr_array_free(&a);
}

static void files_that_cannot_be(void **state)
{
    (void)state;
    gr_value v = gr_value_int(7);
    char long_path[8192];
    memset(long_path, 'x', sizeof long_path - 1);
    long_path[sizeof long_path - 1] = 0;
    assert_int_equal(gr_dump("/nowhere/at/all.gr", &v, GR_PROTOCOL_FRAMED), GR_ESYS);
    assert_int_equal(gr_dump(folder, &v, GR_PROTOCOL_FRAMED), GR_ESYS); // cannot be replaced
    assert_int_equal(gr_dump(long_path, &v, GR_PROTOCOL_FRAMED), GR_ESYS);
    assert_int_equal(gr_load("/nowhere/at/all.gr", &v, NULL), GR_ESYS);
    assert_int_equal(gr_load(folder, &v, NULL), GR_ESYS);
    assert_int_equal(v.kind, GR_VALUE_NONE);
    FILE *file = fopen(path, "w");
    fputs("gradus text 1\n{\"x\": 1, \"x\": 2}", file);
    fclose(file);
    char want[160];
    snprintf(want, sizeof want, "%s: at byte 30: a name comes twice in a dictionary", path);
    assert_int_equal(gr_load(path, &v, NULL), GR_EDATA);
    assert_string_equal(gr_errmsg(), want);
    char left[96];
    snprintf(left, sizeof left, "ls %s.?????? >/dev/null 2>&1", folder);
    assert_int_not_equal(system(left), 0);
}

// ---- pipes ----

static pid_t child_that(void (*act)(int fd), int ends[2])
{
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        act(ends[1]);
        _exit(1);
    }
    close(ends[1]);
    return child;
}

static void reap(pid_t child)
{
    int status;
    while (waitpid(child, &status, 0) < 0) assert_int_equal(errno, EINTR);
}

static void dump_three(int fd)
{
    gr_value v = example(), one = gr_value_int(1);
    bool fine = !gr_dump_fd(fd, &one, GR_PROTOCOL_FRAMED) &&
                !gr_dump_fd(fd, &v, GR_PROTOCOL_FRAMED) && !gr_dump_fd(fd, &one, GR_PROTOCOL_TEXT);
    _exit(fine ? 0 : 1);
}

static void values_follow_one_another_in_a_pipe(void **state)
{
    (void)state;
    int ends[2];
    gr_value want = example(), got;
    pid_t child = child_that(dump_three, ends);
    assert_int_equal(gr_load_fd(ends[0], &got, funcs), GR_OK);
    assert_int_equal(got.integer, 1);
    assert_int_equal(gr_load_fd(ends[0], &got, funcs), GR_OK);
    assert_true(gr_value_equal(&got, &want));
    gr_value_free(&got);
    assert_int_equal(gr_load_fd(ends[0], &got, funcs), GR_OK); // text: to the end
    assert_int_equal(got.integer, 1);
    assert_int_equal(gr_load_fd(ends[0], &got, funcs), GR_EDATA);
    assert_string_equal(gr_errmsg(), "at byte 0: no data");
    close(ends[0]);
    reap(child);
    gr_value_free(&want);
}

static void die_in_the_middle(int fd)
{
    gr_value v = example();
    gr_bytes b;
    if (gr_dumps(&v, GR_PROTOCOL_FRAMED, &b)) _exit(1);
    if (write(fd, b.data, b.size / 2) < 0) _exit(1);
    raise(SIGKILL);
}

static void a_peer_may_die(void **state)
{
    (void)state;
    int ends[2];
    gr_value v = example(), got;
    pid_t child = child_that(die_in_the_middle, ends);
    assert_int_equal(gr_load_fd(ends[0], &got, funcs), GR_EDATA);
    assert_non_null(strstr(gr_errmsg(), "the data ends after"));
    reap(child);
    close(ends[0]);
    // And a reader that is gone: an error, and no signal, now or later.
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    assert_int_equal(gr_dump_fd(ends[1], &v, GR_PROTOCOL_FRAMED), GR_ESYS);
    assert_non_null(strstr(gr_errmsg(), "Broken pipe"));
    close(ends[1]);
    gr_value_free(&v);
}

// ---- sessions ----

typedef struct session {
    int64_t generation;
    double best;
    gr_array population;
} session;

static void a_session_is_saved_and_restored(void **state)
{
    (void)state;
    static const gr_field fields[] = {
        {"generation", GR_FIELD_I64, offsetof(session, generation), 0},
        {"best", GR_FIELD_F64, offsetof(session, best), 0},
        {"population", GR_FIELD_ARRAY, offsetof(session, population), 0},
        {0},
    };
    session s = {.generation = 100, .best = 5e-324}, t = {0};
    assert_int_equal(gr_array_new(&s.population, GR_F64, 2, (size_t[]){40, 3}), GR_OK);
    assert_int_equal(gr_session_save(path, fields, &s), GR_OK);
    for (int twice = 0; twice < 2; twice++) { // into a fresh state, and into a running one
        assert_int_equal(gr_session_load(path, fields, &t), GR_OK);
        assert_int_equal(t.generation, 100);
        assert_true(t.best == 5e-324);
        assert_true(gr_array_equal(&t.population, &s.population));
    }
    gr_value other = gr_value_int(1);
    assert_int_equal(gr_dump(path, &other, GR_PROTOCOL_TEXT), GR_OK);
    assert_int_equal(gr_session_load(path, fields, &t), GR_EARG);
    assert_non_null(strstr(gr_errmsg(), "a record from an integer: expected a dictionary"));
    assert_int_equal(t.generation, 100);
    gr_array_free(&s.population);
    gr_array_free(&t.population);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_comes_back),
        cmocka_unit_test(an_array_owns_aligned_elements),
        cmocka_unit_test(an_array_is_loaded_into_another),
        cmocka_unit_test(a_frame_notices_all_damage),
        cmocka_unit_test(no_prefix_is_a_value),
        cmocka_unit_test(newer_versions_are_refused_by_name),
        cmocka_unit_test(the_other_byte_order_is_read),
        cmocka_unit_test(functions_come_out_of_the_callers_table),
        cmocka_unit_test(bad_values_are_arguments),
        cmocka_unit_test(a_full_disk_keeps_the_old_file),
        cmocka_unit_test(files_that_cannot_be),
        cmocka_unit_test(values_follow_one_another_in_a_pipe),
        cmocka_unit_test(a_peer_may_die),
        cmocka_unit_test(a_session_is_saved_and_restored),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

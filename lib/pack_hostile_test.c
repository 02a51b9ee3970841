// SPDX-License-Identifier: BSD-3-Clause
// Data from enemies, and a machine without memory.
//
// The linker puts the functions below in the place of malloc and its kin (see the Makefile): they
// count what is asked for, note the largest block, and refuse the call that a test names. Mutated
// data may do what it likes, but: no crash, nothing left allocated, no block larger than the data
// allows, and what is accepted can be dumped and loaded again.
// GRADUS_SLOW=1 runs ten million mutants instead of two hundred thousand; GRADUS_FEW=1, for
// Valgrind, a tenth.
#include "lib/pack.h"
#include "lib/rng.h"
#include "lib/stream.h"
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

// ---- counted memory ----

static size_t calls, refused; // the call that fails, counted from 1; 0: none
static size_t largest;        // bytes
static long blocks;           // that are not yet freed

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *block, size_t size);
int __real_posix_memalign(void **block, size_t alignment, size_t size);
char *__real_strdup(const char *text);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *block, size_t size);
int __wrap_posix_memalign(void **block, size_t alignment, size_t size);
char *__wrap_strdup(const char *text);
void __wrap_free(void *block);

static bool granted(size_t size)
{
    if (size > largest) largest = size;
    return ++calls != refused;
}

static void *counted(void *block)
{
    blocks += block != NULL;
    return block;
}

void *__wrap_malloc(size_t size) { return granted(size) ? counted(__real_malloc(size)) : NULL; }

void *__wrap_calloc(size_t n, size_t size)
{
    return granted(n * size) ? counted(__real_calloc(n, size)) : NULL;
}

void *__wrap_realloc(void *block, size_t size)
{
    if (!granted(size)) return NULL;
    void *larger = __real_realloc(block, size);
    blocks += !block && larger;
    return larger;
}

int __wrap_posix_memalign(void **block, size_t alignment, size_t size)
{
    if (!granted(size)) return 12; // ENOMEM
    int error = __real_posix_memalign(block, alignment, size);
    blocks += !error;
    return error;
}

char *__wrap_strdup(const char *text)
{
    return granted(strlen(text) + 1) ? counted(__real_strdup(text)) : NULL;
}

void __wrap_free(void *block)
{
    blocks -= block != NULL;
    __real_free(block);
}

static void count_from_here(size_t refuse)
{
    calls = largest = 0;
    refused = refuse;
}

// ---- values ----

static const gr_func square = {.name = "square"};
static const gr_func *const funcs[] = {&square, NULL};
static double numbers[6] = {0.0, -0.0, 1.5, 1e300, 5e-324, -7};
static int32_t ints[3] = {1, -2, 3};

enum { SEEDS = 4 };

// Small values that have everything in them; the memory they look at is static.
static gr_status build(gr_value *v, int seed)
{
    static gr_array grid, column;
    static gr_value items[4], nest[3];
    grid = gr_array_of(numbers, GR_F64, 2, (size_t[]){2, 3});
    column = gr_array_of(ints, GR_I32, 1, (size_t[]){3});
    items[0] = gr_value_int(-1000000);
    items[1] = gr_value_string("caf\xc3\xa9");
    items[2] = (gr_value){0};
    items[3] = gr_value_array(&grid);
    for (int k = 0; k < 3; k++) nest[k] = gr_value_list(k ? &nest[k - 1] : items, k ? 1 : 3);
    *v = seed == 0   ? gr_value_array(&column)
         : seed == 1 ? gr_value_list(items, 4)
         : seed == 2 ? nest[2]
                     : gr_dict_new();
    if (seed < 3) return GR_OK;
    gr_status status = gr_dict_set(v, "grid", gr_value_array(&grid));
    if (!status) status = gr_dict_set(v, "f", gr_value_func(&square, "\1\2", 2));
    if (!status) status = gr_dict_set(v, "bytes", gr_value_bytes("\0\xff", 2));
    if (!status) status = gr_dict_set(v, "x", gr_value_double(0.1));
    if (!status) status = gr_dict_set(v, "list", nest[0]);
    if (status) gr_value_free(v);
    return status;
}

// ---- memory that is refused ----

static gr_status through_memory(int seed, gr_protocol protocol)
{
    gr_value v, got = {0};
    gr_bytes b = {0};
    gr_status status = build(&v, seed);
    if (status) return status;
    status = gr_dumps(&v, protocol, &b);
    if (!status) status = gr_loads(b.data, b.size, &got, funcs);
    if (!status) assert_true(gr_value_equal(&v, &got));
    gr_value_free(&got);
    gr_value_free(&v);
    free(b.data);
    return status;
}

// Each allocation on the way there and back is refused once: GR_ENOMEM, and nothing left over.
static void every_refused_allocation_is_survived(void **state)
{
    (void)state;
    for (int seed = 0; seed < SEEDS; seed++)
        for (int p = 0; p < GR_PROTOCOLS; p++) {
            long before = blocks;
            count_from_here(0);
            assert_int_equal(through_memory(seed, (gr_protocol)p), GR_OK);
            size_t all = calls;
            assert_true(all >= 3);
            for (size_t k = 1; k <= all; k++) {
                count_from_here(k);
                assert_int_equal(through_memory(seed, (gr_protocol)p), GR_ENOMEM);
                assert_int_equal(blocks, before);
            }
            refused = 0;
        }
}

typedef struct record {
    int64_t n;
    double x[2];
    gr_array a;
} record;

static void records_survive_it_too(void **state)
{
    (void)state;
    static const gr_field fields[] = {{"n", GR_FIELD_I64, offsetof(record, n), 0},
                                      {"x", GR_FIELD_F64, offsetof(record, x), 2},
                                      {"a", GR_FIELD_ARRAY, offsetof(record, a), 0},
                                      {0}};
    size_t fine = 0;
    for (size_t k = 1; !fine; k++) {
        long before = blocks;
        record from = {.n = 1, .a = gr_array_of(numbers, GR_F64, 1, (size_t[]){6})}, to = {.n = 2};
        gr_value dict;
        count_from_here(k);
        gr_status status = gr_record_pack(&dict, fields, &from);
        if (!status) status = gr_record_unpack(&dict, fields, &to);
        refused = 0;
        gr_value_free(&dict);
        assert_true(!status || status == GR_ENOMEM);
        assert_int_equal(to.n, status ? 2 : 1);
        gr_array_free(&to.a);
        assert_int_equal(blocks, before);
        fine = status ? 0 : k;
    }
    assert_true(fine > 5);
}

// ---- mutants ----

enum { ROOM = 1024 };

typedef struct mutant {
    unsigned char bytes[ROOM];
    size_t size;
} mutant;

// What numbers, heads, lengths and words are made of.
static const char tokens[] =
    "\x00\x01\x17\x18\x19\x1a\x1b\x1f\x40\x44\x58\x5b\x5f\x60\x78\x7b\x80\x81\x82\x83\x9b"
    "\x9f\xa0\xa1\xbb\xbf\xc1\xd8\xd9\xda\xdb\xf4\xf6\xf9\xfa\xfb\xff\x28\x56\x52"
    "[](){},:\"'\\ \n-+.0123456789enaifhxLB";

static void change(mutant *m, gr_rng *rng, const mutant *other)
{
    size_t at = gr_rng_below(rng, m->size ? m->size : 1), run = 1 + gr_rng_below(rng, 8);
    unsigned char token = (unsigned char)tokens[gr_rng_below(rng, sizeof tokens - 1)];
    switch (gr_rng_below(rng, 7)) {
    case 0: // a bit
        m->bytes[at] ^= (unsigned char)(1 << gr_rng_below(rng, 8));
        break;
    case 1: // a byte that means something
        m->bytes[at] = token;
        break;
    case 2: // some bytes less
        if (at + run > m->size) break;
        memmove(m->bytes + at, m->bytes + at + run, m->size - at - run);
        m->size -= run;
        break;
    case 3: // some bytes more
        if (m->size + run > ROOM) break;
        memmove(m->bytes + at + run, m->bytes + at, m->size - at);
        memset(m->bytes + at, token, run);
        m->size += run;
        break;
    case 4: // a piece of another one
        for (size_t i = 0; i < 2 * run && at + i < m->size; i++)
            m->bytes[at + i] = other->bytes[(at + i * run) % other->size];
        break;
    case 5: // an end
        if (gr_rng_below(rng, 4) == 0) m->size = at;
        break;
    default: // eight bytes that may be a length
        for (size_t i = 0; i < 8 && at + i < m->size; i++)
            m->bytes[at + i] = (unsigned char)(gr_rng_below(rng, 2) ? 0xff : gr_rng_u64(rng));
    }
}

// A damaged frame would not get past its checksums: most are made right again.
static void seal(mutant *m)
{
    if (m->size < 32) return;
    uint64_t length = m->size - 32;
    memcpy(m->bytes, "\x89GRADUS\n\1L\0\0\0\0\0\0", 16);
    if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__) m->bytes[9] = 'B';
    memcpy(m->bytes + 16, &length, 8);
    uint32_t check = (uint32_t)gr_sum_of(m->bytes, 24);
    memcpy(m->bytes + 12, &check, 4);
    uint64_t sum = gr_sum_of(m->bytes, m->size - 8);
    memcpy(m->bytes + m->size - 8, &sum, 8);
}

// Loads it; whatever comes back must be whole.
static bool accepted(const mutant *m, int protocol)
{
    gr_value v, again;
    gr_bytes b;
    long before = blocks;
    count_from_here(0);
    gr_status status = gr_loads(m->bytes, m->size, &v, funcs);
    assert_true(status == GR_OK || status == GR_EDATA || status == GR_EUNSUP);
    assert_true(largest <= 1024 + 64 * m->size);
    assert_true(calls <= 16 + 4 * m->size);
    if (!status) {
        if (gr_dumps(&v, (gr_protocol)protocol, &b)) fail_msg("%s", gr_errmsg());
        if (gr_loads(b.data, b.size, &again, funcs)) fail_msg("%s", gr_errmsg());
        assert_true(gr_value_equal(&v, &again));
        gr_value_free(&again);
        free(b.data);
    }
    gr_value_free(&v);
    assert_int_equal(blocks, before);
    return !status;
}

static void mutants_never_crash(void **state)
{
    (void)state;
    static mutant seeds[SEEDS][GR_PROTOCOLS];
    for (int seed = 0; seed < SEEDS; seed++)
        for (int p = 0; p < GR_PROTOCOLS; p++) {
            gr_value v;
            assert_int_equal(build(&v, seed), GR_OK);
            assert_int_equal(gr_dump_size(&v, (gr_protocol)p, &seeds[seed][p].size), GR_OK);
            assert_int_equal(gr_dump_into(seeds[seed][p].bytes, ROOM, &v, (gr_protocol)p), GR_OK);
            gr_value_free(&v);
        }
    uint64_t rounds = getenv("GRADUS_SLOW") ? 10000000 : getenv("GRADUS_FEW") ? 20000 : 200000;
    uint64_t whole[GR_PROTOCOLS] = {0};
    for (uint64_t round = 0; round < rounds; round++) {
        gr_rng rng = gr_rng_of(11, round);
        int p = (int)gr_rng_below(&rng, GR_PROTOCOLS);
        mutant m = seeds[gr_rng_below(&rng, SEEDS)][p];
        const mutant *other = &seeds[gr_rng_below(&rng, SEEDS)][p];
        for (size_t k = 1 + gr_rng_below(&rng, 4); k > 0; k--) change(&m, &rng, other);
        if (p == GR_PROTOCOL_FRAMED && gr_rng_below(&rng, 8)) seal(&m);
        whole[p] += accepted(&m, (int)gr_rng_below(&rng, GR_PROTOCOLS));
    }
    for (int p = 0; p < GR_PROTOCOLS; p++) { // the loop reaches past the first bytes
        print_message("# %s: %llu mutants were values\n", gr_protocol_name((gr_protocol)p),
                      (unsigned long long)whole[p]);
        assert_true(whole[p] > rounds / 200);
    }
}

// Ten bytes that announce a gibibyte, in every way there is, from memory and from a pipe.
static void a_few_bytes_take_little_memory(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
    } lies[] = {
        {"\xd9\xd9\xf7\x5a\x40\x00\x00\x00xx", 10},       // bytes
        {"\xd9\xd9\xf7\x7a\x40\x00\x00\x00xx", 10},       // a string
        {"\xd9\xd9\xf7\x9a\x40\x00\x00\x00\x01\x02", 10}, // a list
        {"\xd9\xd9\xf7\xba\x40\x00\x00\x00\x61x", 10},    // a dictionary
        {"\xd9\xd9\xf7\xd8\x56\x5a\x40\x00\x00\x00", 10}, // an array
        {"\xd9\xd9\xf7\x5b\x7f\xff\xff\xff\xff\xff\xff\xff", 12},
        {"gradus text 1\nuint8(1073741824)[1", 34},
    };
    for (size_t k = 0; k < sizeof lies / sizeof *lies; k++) {
        gr_value v;
        int ends[2];
        count_from_here(0);
        assert_int_equal(gr_loads(lies[k].bytes, lies[k].size, &v, NULL), GR_EDATA);
        assert_true(largest <= 1024);
        assert_int_equal(pipe(ends), 0);
        assert_int_equal(write(ends[1], lies[k].bytes, lies[k].size), lies[k].size);
        close(ends[1]);
        count_from_here(0);
        assert_int_equal(gr_load_fd(ends[0], &v, NULL), GR_EDATA);
        assert_true(largest <= (1 << 20) + 1); // of a pipe nobody knows how much is in it
        close(ends[0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_refused_allocation_is_survived),
        cmocka_unit_test(records_survive_it_too),
        cmocka_unit_test(mutants_never_crash),
        cmocka_unit_test(a_few_bytes_take_little_memory),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

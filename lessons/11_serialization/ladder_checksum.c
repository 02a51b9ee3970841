// SPDX-License-Identifier: BSD-3-Clause
// checksum -- CRC-32C of a block: from a bit at a time to 24 bytes in flight.
//
// Every rung gives the same 32 bits. Method: Sarwate, CACM 31 (1988), tables; Kounavis & Berry,
// ISCC 2005, slicing; Gopal et al., Intel (2011), several chains and how they are joined.
#include "lessons/11_serialization/serialization.h"
#include "lib/rng.h"
#include <stdlib.h>
#include <string.h>
#ifdef __ARM_FEATURE_CRC32
#include <arm_acle.h>
#endif

static const uint32_t all_ones = 0xffffffff, polynomial = 0x82f63b78;

static uint32_t shift_bit(uint32_t r) { return r >> 1 ^ (r & 1 ? polynomial : 0); }

static uint32_t shift_byte(uint32_t r)
{
    for (int bit = 0; bit < 8; bit++) r = shift_bit(r);
    return r;
}

uint32_t serial_crc(const unsigned char *bytes, size_t n)
{
    uint32_t r = all_ones;
    for (size_t i = 0; i < n; i++) r = shift_byte(r ^ bytes[i]);
    return r ^ all_ones;
}

static gr_status bit_by_bit(void *problem, int workers)
{
    serial_bytes *p = problem;
    (void)workers;
    p->crc = serial_crc(p->bytes, p->n);
    return GR_OK;
}

// The register r after n more bytes, by the table.
static uint32_t add_bytes(const serial_bytes *p, uint32_t r, const unsigned char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) r = r >> 8 ^ p->table[0][(r ^ bytes[i]) & 0xff];
    return r;
}

static gr_status by_table(void *problem, int workers)
{
    serial_bytes *p = problem;
    (void)workers;
    p->crc = add_bytes(p, all_ones, p->bytes, p->n) ^ all_ones;
    return GR_OK;
}

// Eight bytes: each by the table for its distance from the end, so that no look-up waits for
// another.
static uint32_t add_eight(const serial_bytes *p, uint32_t r, const unsigned char *b)
{
    r ^= serial_u32(b);
    return p->table[7][r & 0xff] ^ p->table[6][r >> 8 & 0xff] ^ p->table[5][r >> 16 & 0xff] ^
           p->table[4][r >> 24] ^ p->table[3][b[4]] ^ p->table[2][b[5]] ^ p->table[1][b[6]] ^
           p->table[0][b[7]];
}

static gr_status by_slices(void *problem, int workers)
{
    serial_bytes *p = problem;
    uint32_t r = all_ones;
    size_t i = 0;
    (void)workers;
    for (; i + 8 <= p->n; i += 8) r = add_eight(p, r, p->bytes + i);
    p->crc = add_bytes(p, r, p->bytes + i, p->n - i) ^ all_ones;
    return GR_OK;
}

// Eight bytes by the processor's instruction, where it has one.
static inline uint32_t add_by_instruction(const serial_bytes *p, uint32_t r, const unsigned char *b)
{
#if defined __SSE4_2__ && defined __x86_64__
    uint64_t word;
    (void)p;
    memcpy(&word, b, sizeof word);
    return (uint32_t)__builtin_ia32_crc32di(r, word);
#elif defined __ARM_FEATURE_CRC32
    uint64_t word;
    (void)p;
    memcpy(&word, b, sizeof word);
    return __crc32cd(r, word);
#else
    return add_eight(p, r, b);
#endif
}

static uint32_t add_all(const serial_bytes *p, uint32_t r, const unsigned char *bytes, size_t n)
{
    size_t i = 0;
    for (; i + 8 <= n; i += 8) r = add_by_instruction(p, r, bytes + i);
    return add_bytes(p, r, bytes + i, n - i);
}

static gr_status by_instruction(void *problem, int workers)
{
    serial_bytes *p = problem;
    (void)workers;
    p->crc = add_all(p, all_ones, p->bytes, p->n) ^ all_ones;
    return GR_OK;
}

// The register after SERIAL_CHAIN zero bytes: a sum (XOR) of what each of its bytes becomes.
static uint32_t skip_chain(const serial_bytes *p, uint32_t r)
{
    return p->chain[0][r & 0xff] ^ p->chain[1][r >> 8 & 0xff] ^ p->chain[2][r >> 16 & 0xff] ^
           p->chain[3][r >> 24];
}

static gr_status by_three_chains(void *problem, int workers)
{
    serial_bytes *p = problem;
    const unsigned char *b = p->bytes, *end = p->bytes + p->n;
    uint32_t r = all_ones;
    (void)workers;
    for (; end - b >= 3 * SERIAL_CHAIN; b += 3 * SERIAL_CHAIN) {
        uint32_t second = 0, third = 0;
        for (int i = 0; i < SERIAL_CHAIN; i += 8) {
            r = add_by_instruction(p, r, b + i);
            second = add_by_instruction(p, second, b + SERIAL_CHAIN + i);
            third = add_by_instruction(p, third, b + 2 * SERIAL_CHAIN + i);
        }
        r = skip_chain(p, skip_chain(p, r) ^ second) ^ third;
    }
    p->crc = add_all(p, r, b, (size_t)(end - b)) ^ all_ones;
    return GR_OK;
}

// ---- the problem ----

static void make_tables(serial_bytes *p)
{
    for (uint32_t b = 0; b < 256; b++) {
        uint32_t r = b;
        for (int k = 0; k < SERIAL_SLICES; k++) p->table[k][b] = r = shift_byte(r);
    }
    for (int k = 0; k < 4; k++) {
        uint32_t one_bit[8];
        for (int bit = 0; bit < 8; bit++) {
            uint32_t r = (uint32_t)1 << (8 * k + bit);
            for (int i = 0; i < SERIAL_CHAIN; i++) r = r >> 8 ^ p->table[0][r & 0xff];
            one_bit[bit] = r;
        }
        for (int b = 0; b < 256; b++)
            for (int bit = 0; bit < 8; bit++) p->chain[k][b] ^= b >> bit & 1 ? one_bit[bit] : 0;
    }
}

static void teardown(void *problem)
{
    serial_bytes *p = problem;
    if (p) free(p->bytes);
    free(p);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    serial_bytes *p = calloc(1, sizeof *p);
    *problem = NULL;
    if (p) p->bytes = malloc(size.n ? size.n : 1);
    if (!p || !p->bytes) {
        free(p);
        return gr_fail(GR_ENOMEM, "checksum: out of memory");
    }
    gr_rng rng = gr_rng_of(seed, size.n);
    p->n = size.n;
    for (size_t i = 0; i < size.n; i++) p->bytes[i] = (unsigned char)gr_rng_u64(&rng);
    make_tables(p);
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    serial_bytes *p = problem;
    out[0] = (gr_output){"checksum", gr_array_of(&p->crc, GR_I64, 0, NULL), true};
    return 1;
}

static double count(const void *problem) { return (double)((const serial_bytes *)problem)->n; }
static double footprint(gr_size size) { return (double)size.n; }

static const gr_size sizes[] = {{65536, 0}, {16777216, 0}, {0, 0}};

static const gr_rung rungs[] = {
    {.name = "bits", .idea = "the definition: eight shifts for each byte", .run = bit_by_bit},
    {.name = "table", .idea = "eight shifts are one look-up in 256 words", .run = by_table},
    {.name = "slicing",
     .idea = "eight tables: eight look-ups that do not wait for one another",
     .run = by_slices},
    {.name = "instruction",
     .idea = "the processor's own CRC of eight bytes; where it has none, as before",
     .run = by_instruction},
    {.name = "chains",
     .idea = "three registers on three blocks: the instruction no longer waits for its own result",
     .run = by_three_chains},
    {0},
};

const gr_ladder gr_ladder_checksum = {
    .name = "checksum",
    .title = "CRC-32C: what it takes to notice damage",
    .lesson = "11_serialization",
    .n_name = "bytes",
    .sizes = sizes,
    .rungs = rungs,
    .setup = setup,
    .teardown = teardown,
    .outputs = outputs,
    .unit = "byte",
    .work = count,
    .bytes = 1,
    .footprint = footprint,
};

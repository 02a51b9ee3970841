// SPDX-License-Identifier: BSD-3-Clause
// digits, record, byteorder -- three tasks of lesson 11 whose answer is known bit for bit.
#include "lessons/11_serialization/serialization.h"
#include "lib/rng.h"
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const gr_size no_sizes[] = {{0, 0}};

// ---- digits: the shortest text that brings a number back ----

static gr_status fewest_digits(void *problem, int workers)
{
    serial_texts *p = problem;
    (void)workers;
    memset(p->text, 0, p->n * SERIAL_TEXT);
    for (size_t i = 0; i < p->n; i++) {
        char *text = p->text + i * SERIAL_TEXT;
        for (int digits = 1; digits <= 17; digits++) {
            snprintf(text, SERIAL_TEXT, "%.*g", digits, p->x[i]);
            double back = strtod(text, NULL);
            if (!memcmp(&back, &p->x[i], sizeof back)) break;
        }
    }
    return GR_OK;
}

static void free_texts(void *problem)
{
    serial_texts *p = problem;
    if (!p) return;
    free(p->x);
    free(p->text);
    free(p);
}

// Numbers of few digits and of many, of every size, and some that are special.
static double some_number(gr_rng *rng)
{
    static const double special[] = {0.0,  -0.0, INFINITY, -INFINITY, 5e-324, DBL_MAX,  DBL_MIN,
                                     1e22, 1e23, 0.1,      1 / 3.0,   100,    4.35e-309};
    uint64_t bits = gr_rng_u64(rng);
    double d;
    size_t kind = gr_rng_below(rng, 5);
    memcpy(&d, &bits, sizeof d);
    if (kind == 0) return special[gr_rng_below(rng, sizeof special / sizeof *special)];
    if (kind == 1) return (double)(bits >> 44) / 1000;
    if (kind == 2) return gr_rng_unit(rng);
    if (kind == 3)
        bits &= 0x000fffffffffffff; // denormal
    else if (isnan(d))
        bits &= 0x3fffffffffffffff;
    memcpy(&d, &bits, sizeof d);
    return d;
}

static gr_status setup_digits(void **problem, gr_size size, uint64_t seed)
{
    serial_texts *p = calloc(1, sizeof *p);
    *problem = NULL;
    if (p) p->x = calloc(size.n + 1, sizeof *p->x), p->text = calloc(size.n + 1, SERIAL_TEXT);
    if (!p || !p->x || !p->text) {
        free_texts(p);
        return gr_fail(GR_ENOMEM, "digits: out of memory");
    }
    gr_rng rng = gr_rng_of(seed, size.n);
    p->n = size.n;
    for (size_t i = 0; i < size.n; i++) p->x[i] = some_number(&rng);
    *problem = p;
    return GR_OK;
}

static int digits_outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    serial_texts *p = problem;
    gr_array text = gr_array_of(p->text, GR_U8, 2, (size_t[]){p->n, SERIAL_TEXT});
    out[0] = (gr_output){"text", text, true};
    return 1;
}

static double texts(const void *problem) { return (double)((const serial_texts *)problem)->n; }

static const gr_rung digits_rungs[] = {
    {.name = "fewest",
     .idea = "one digit more until the same bits come back",
     .run = fewest_digits},
    {0},
};

const gr_ladder gr_ladder_digits = {
    .name = "digits",
    .title = "The fewest digits that bring a double back",
    .lesson = "11_serialization",
    .n_name = "numbers",
    .sizes = no_sizes,
    .rungs = digits_rungs,
    .setup = setup_digits,
    .teardown = free_texts,
    .outputs = digits_outputs,
    .unit = "number",
    .work = texts,
};

// ---- record: a struct without its gaps and without its pointer ----

static unsigned char *put_low_first(unsigned char *to, uint64_t value, int bytes)
{
    for (int k = 0; k < bytes; k++) *to++ = (unsigned char)(value >> 8 * k);
    return to;
}

static gr_status field_by_field(void *problem, int workers)
{
    serial_records *p = problem;
    unsigned char *to = p->bytes;
    (void)workers;
    memset(p->bytes, 0, p->n * SERIAL_RECORD);
    for (size_t i = 0; i < p->n; i++) {
        const serial_particle *a = &p->particle[i];
        uint64_t bits;
        size_t length = strlen(a->name);
        memcpy(&bits, &a->mass, sizeof bits);
        *to++ = (unsigned char)a->kind;
        to = put_low_first(to, bits, 8);
        to = put_low_first(to, (uint32_t)a->id, 4);
        *to++ = (unsigned char)length;
        memcpy(to, a->name, length);
        to += length;
    }
    p->used = to - p->bytes;
    return GR_OK;
}

static void free_records(void *problem)
{
    serial_records *p = problem;
    if (!p) return;
    free(p->particle);
    free(p->names);
    free(p->bytes);
    free(p);
}

// The gaps of each struct are filled with chance, as the memory of a real program is.
static void make_particle(serial_particle *a, char *name, gr_rng *rng)
{
    for (size_t k = 0; k < sizeof *a; k++) ((unsigned char *)a)[k] = (unsigned char)gr_rng_u64(rng);
    size_t length = gr_rng_below(rng, SERIAL_NAME + 1);
    for (size_t k = 0; k < length; k++) name[k] = (char)('a' + gr_rng_below(rng, 26));
    a->kind = (char)('A' + gr_rng_below(rng, 26));
    a->mass = gr_rng_normal(rng);
    a->id = (int32_t)gr_rng_u64(rng);
    a->name = name;
}

static gr_status setup_record(void **problem, gr_size size, uint64_t seed)
{
    serial_records *p = calloc(1, sizeof *p);
    *problem = NULL;
    if (p) {
        p->particle = calloc(size.n + 1, sizeof *p->particle);
        p->names = calloc(size.n + 1, SERIAL_NAME + 1);
        p->bytes = calloc(size.n + 1, SERIAL_RECORD);
    }
    if (!p || !p->particle || !p->names || !p->bytes) {
        free_records(p);
        return gr_fail(GR_ENOMEM, "record: out of memory");
    }
    gr_rng rng = gr_rng_of(seed, size.n);
    p->n = size.n;
    for (size_t i = 0; i < size.n; i++)
        make_particle(&p->particle[i], p->names + i * (SERIAL_NAME + 1), &rng);
    *problem = p;
    return GR_OK;
}

static int record_outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    serial_records *p = problem;
    gr_array bytes = gr_array_of(p->bytes, GR_U8, 1, (size_t[]){p->n * SERIAL_RECORD});
    out[0] = (gr_output){"used", gr_array_of(&p->used, GR_I64, 0, NULL), true};
    out[1] = (gr_output){"bytes", bytes, true};
    return 2;
}

static double records(const void *problem) { return (double)((const serial_records *)problem)->n; }

static const gr_rung record_rungs[] = {
    {.name = "fields", .idea = "field by field, the lowest byte first", .run = field_by_field},
    {0},
};

const gr_ladder gr_ladder_record = {
    .name = "record",
    .title = "A struct to bytes that mean the same elsewhere",
    .lesson = "11_serialization",
    .n_name = "particles",
    .sizes = no_sizes,
    .rungs = record_rungs,
    .setup = setup_record,
    .teardown = free_records,
    .outputs = record_outputs,
    .unit = "particle",
    .work = records,
};

// ---- byteorder: files from other machines ----

static gr_status either_order(void *problem, int workers)
{
    serial_files *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) {
        const unsigned char *file = p->bytes + i * SERIAL_FILE;
        bool low_first = file[0] == 4;
        for (int k = 0; k < SERIAL_NUMBERS; k++) {
            uint64_t bits = 0;
            for (int j = 0; j < 8; j++)
                bits |= (uint64_t)file[4 + 8 * k + j] << 8 * (low_first ? j : 7 - j);
            memcpy(&p->y[i * SERIAL_NUMBERS + (size_t)k], &bits, sizeof bits);
        }
    }
    return GR_OK;
}

static void free_files(void *problem)
{
    serial_files *p = problem;
    if (!p) return;
    free(p->bytes);
    free(p->y);
    free(p);
}

static void make_file(unsigned char file[SERIAL_FILE], gr_rng *rng)
{
    bool low_first = gr_rng_below(rng, 2);
    for (int j = 0; j < 4; j++) file[j] = (unsigned char)(low_first ? 4 - j : 1 + j);
    for (int k = 0; k < SERIAL_NUMBERS; k++) {
        double d = gr_rng_normal(rng);
        uint64_t bits;
        memcpy(&bits, &d, sizeof bits);
        for (int j = 0; j < 8; j++)
            file[4 + 8 * k + j] = (unsigned char)(bits >> 8 * (low_first ? j : 7 - j));
    }
}

static gr_status setup_byteorder(void **problem, gr_size size, uint64_t seed)
{
    serial_files *p = calloc(1, sizeof *p);
    *problem = NULL;
    if (p) {
        p->bytes = calloc(size.n + 1, SERIAL_FILE);
        p->y = calloc(size.n + 1, SERIAL_NUMBERS * sizeof *p->y);
    }
    if (!p || !p->bytes || !p->y) {
        free_files(p);
        return gr_fail(GR_ENOMEM, "byteorder: out of memory");
    }
    gr_rng rng = gr_rng_of(seed, size.n);
    p->n = size.n;
    for (size_t i = 0; i < size.n; i++) make_file(p->bytes + i * SERIAL_FILE, &rng);
    *problem = p;
    return GR_OK;
}

static int byteorder_outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    serial_files *p = problem;
    gr_array y = gr_array_of(p->y, GR_F64, 2, (size_t[]){p->n, SERIAL_NUMBERS});
    out[0] = (gr_output){"y", y, true};
    return 1;
}

static double files(const void *problem) { return (double)((const serial_files *)problem)->n; }

static const gr_rung byteorder_rungs[] = {
    {.name = "shifts", .idea = "each byte is put where its mark says", .run = either_order},
    {0},
};

const gr_ladder gr_ladder_byteorder = {
    .name = "byteorder",
    .title = "Doubles from machines that store them the other way round",
    .lesson = "11_serialization",
    .n_name = "files",
    .sizes = no_sizes,
    .rungs = byteorder_rungs,
    .setup = setup_byteorder,
    .teardown = free_files,
    .outputs = byteorder_outputs,
    .unit = "file",
    .work = files,
};

// SPDX-License-Identifier: BSD-3-Clause
// serialize -- an array of doubles to a file and back, every bit of it: the talk's dump and load.
//
// The file has no disk below it (memfd), so that the rungs are compared and not the disk. Some
// numbers are of the kind that gets lost: -0, the infinities, NaN, the smallest and the largest.
#include "lessons/11_serialization/serialization.h"
#include "lib/pack.h"
#include "lib/rng.h"
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { WORD = 26 }; // bytes of "-2.2250738585072014e-308\n", and of "-0x1.fffffffffffffp-1022\n"

static const double *input(const serial_numbers *p) { return p->x.data; }
static double *result(const serial_numbers *p) { return p->y.data; }

// ---- text ----

// The file as a stream at its start, which the caller closes; the file stays.
static FILE *stream_of(const serial_numbers *p)
{
    lseek(p->fd, 0, SEEK_SET);
    int fd = dup(p->fd);
    FILE *f = fd < 0 ? NULL : fdopen(fd, "r+");
    if (!f && fd >= 0) close(fd);
    return f;
}

static gr_status close_stream(FILE *f, bool fine)
{
    fine = !fclose(f) && fine;
    return fine ? GR_OK : gr_fail_errno("serialize");
}

static gr_status as_text(void *problem, int workers)
{
    serial_numbers *p = problem;
    FILE *f = stream_of(p);
    bool fine = true;
    (void)workers;
    if (!f) return gr_fail_errno("serialize");
    for (size_t i = 0; i < p->n; i++) fine = fprintf(f, "%.17g\n", input(p)[i]) > 0 && fine;
    rewind(f);
    for (size_t i = 0; i < p->n; i++) fine = fscanf(f, "%lf", result(p) + i) == 1 && fine;
    return close_stream(f, fine);
}

// ---- whole blocks, through the kernel ----

static gr_status put(int fd, const void *from, size_t size)
{
    const char *p = from;
    lseek(fd, 0, SEEK_SET);
    for (ssize_t wrote; size; p += wrote, size -= (size_t)wrote)
        if ((wrote = write(fd, p, size)) <= 0) return gr_fail_errno("serialize");
    return GR_OK;
}

static gr_status get(int fd, void *to, size_t size)
{
    char *p = to;
    lseek(fd, 0, SEEK_SET);
    for (ssize_t got; size; p += got, size -= (size_t)got)
        if ((got = read(fd, p, size)) <= 0) return gr_fail_errno("serialize");
    return GR_OK;
}

// ---- text in one block ----

static size_t format_all(const serial_numbers *p, const char *format, char *text)
{
    size_t used = 0;
    for (size_t i = 0; i < p->n; i++)
        used += (size_t)snprintf(text + used, WORD + 1, format, input(p)[i]);
    return used;
}

static void parse_all(const serial_numbers *p, const char *text)
{
    char *end;
    for (size_t i = 0; i < p->n; i++, text = end) result(p)[i] = strtod(text, &end);
}

static gr_status through_a_block_of_text(const serial_numbers *p, const char *format)
{
    char *text = malloc(p->n * WORD + 1);
    if (!text) return gr_fail(GR_ENOMEM, "serialize: out of memory");
    size_t used = format_all(p, format, text);
    gr_status status = put(p->fd, text, used);
    if (!status) status = get(p->fd, text, used);
    text[used] = 0;
    if (!status) parse_all(p, text);
    free(text);
    return status;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static gr_status as_buffered_text(void *problem, int workers)
{
    (void)workers;
    return through_a_block_of_text(problem, "%.17g\n");
}

static gr_status as_hex_text(void *problem, int workers)
{
    (void)workers;
    return through_a_block_of_text(problem, "%a\n");
}
#pragma GCC diagnostic pop

// ---- binary ----

static gr_status one_call_each(void *problem, int workers)
{
    serial_numbers *p = problem;
    bool fine = true;
    (void)workers;
    lseek(p->fd, 0, SEEK_SET);
    for (size_t i = 0; i < p->n; i++) fine = write(p->fd, input(p) + i, 8) == 8 && fine;
    lseek(p->fd, 0, SEEK_SET);
    for (size_t i = 0; i < p->n; i++) fine = read(p->fd, result(p) + i, 8) == 8 && fine;
    return fine ? GR_OK : gr_fail_errno("serialize");
}

static gr_status one_fwrite_each(void *problem, int workers)
{
    serial_numbers *p = problem;
    FILE *f = stream_of(p);
    bool fine = true;
    (void)workers;
    if (!f) return gr_fail_errno("serialize");
    for (size_t i = 0; i < p->n; i++) fine = fwrite(input(p) + i, 8, 1, f) == 1 && fine;
    rewind(f);
    for (size_t i = 0; i < p->n; i++) fine = fread(result(p) + i, 8, 1, f) == 1 && fine;
    return close_stream(f, fine);
}

static gr_status as_a_block(void *problem, int workers)
{
    serial_numbers *p = problem;
    (void)workers;
    GR_TRY(put(p->fd, p->x.data, 8 * p->n));
    return get(p->fd, p->y.data, 8 * p->n);
}

static gr_status framed(void *problem, int workers)
{
    serial_numbers *p = problem;
    gr_value v = gr_value_array(&p->x);
    (void)workers;
    lseek(p->fd, 0, SEEK_SET);
    GR_TRY(gr_dump_fd(p->fd, &v, GR_PROTOCOL_FRAMED));
    lseek(p->fd, 0, SEEK_SET);
    return gr_load_fd_into(p->fd, &p->y);
}

// The limit: the same bytes there and back, with no file in between.
static gr_status copy_twice(void *problem, int workers)
{
    serial_numbers *p = problem;
    (void)workers;
    memcpy(p->copy, p->x.data, 8 * p->n);
    memcpy(p->y.data, p->copy, 8 * p->n);
    return GR_OK;
}

// ---- the problem ----

static void teardown(void *problem)
{
    serial_numbers *p = problem;
    if (!p) return;
    gr_array_free(&p->x);
    gr_array_free(&p->y);
    free(p->copy);
    if (p->fd >= 0) close(p->fd);
    free(p);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    static const double special[] = {-0.0,    5e-324,  INFINITY, -INFINITY, (double)NAN,
                                     DBL_MAX, DBL_MIN, 0.1,      1e23,      -(double)NAN};
    serial_numbers *p = calloc(1, sizeof *p);
    *problem = NULL;
    if (!p) return gr_fail(GR_ENOMEM, "serialize: out of memory");
    *p = (serial_numbers){.n = size.n, .fd = memfd_create("serialize", MFD_CLOEXEC)};
    gr_status status = p->fd < 0 ? gr_fail_errno("serialize: a file in memory") : GR_OK;
    if (!status) status = gr_array_new(&p->x, GR_F64, 1, &size.n);
    if (!status) status = gr_array_new(&p->y, GR_F64, 1, &size.n);
    if (!status && !(p->copy = calloc(size.n ? size.n : 1, sizeof *p->copy)))
        status = gr_fail(GR_ENOMEM, "serialize: out of memory");
    if (status) {
        teardown(p);
        return status;
    }
    gr_rng rng = gr_rng_of(seed, size.n);
    double *x = p->x.data;
    for (size_t i = 0; i < size.n; i++)
        x[i] = i % 97 ? 1000 * gr_rng_normal(&rng) : special[i / 97 % 10];
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    serial_numbers *p = problem;
    gr_array bits = gr_array_of(p->y.data, GR_I64, 1, &p->n); // NaN is to be NaN's own bits, too
    out[0] = (gr_output){"bits of y", bits, true};
    return 1;
}

static double numbers(const void *problem) { return (double)((const serial_numbers *)problem)->n; }
static double footprint(gr_size size) { return 24 * (double)size.n; }

static const gr_size sizes[] = {{100000, 0}, {8388608, 0}, {0, 0}};

static const gr_rung rungs[] = {
    {.name = "text",
     .idea = "fprintf of each number with 17 digits, and fscanf",
     .run = as_text,
     .largest = 1000000},
    {.name = "strtod",
     .idea = "text in one block of memory: no stream, no format to be read again",
     .run = as_buffered_text,
     .largest = 1000000},
    {.name = "hexfloat",
     .idea = "hexadecimal digits: each is four bits, so nothing is converted to tens",
     .run = as_hex_text,
     .largest = 1000000},
    {.name = "each",
     .idea = "the eight bytes themselves, one call of the kernel for each number",
     .run = one_call_each,
     .largest = 1000000},
    {.name = "fwrite",
     .idea = "one call of the library each, which calls the kernel for each 4096 bytes",
     .run = one_fwrite_each},
    {.name = "block", .idea = "one call for all numbers", .run = as_a_block},
    {.name = "framed",
     .idea = "gr_dump and gr_load: the block in a frame, summed on the way while in the cache",
     .run = framed},
    {0},
};

const gr_ladder gr_ladder_serialize = {
    .name = "serialize",
    .title = "Dump and load: doubles through a file, bit for bit",
    .lesson = "11_serialization",
    .n_name = "numbers",
    .sizes = sizes,
    .rungs = rungs,
    .setup = setup,
    .teardown = teardown,
    .outputs = outputs,
    .unit = "number",
    .work = numbers,
    .bytes = 32, // reads x, writes the file, reads it, writes y
    .footprint = footprint,
    .limit = {.name = "memcpy", .idea = "two copies, there and back", .run = copy_twice},
    .limit_work = numbers,
};

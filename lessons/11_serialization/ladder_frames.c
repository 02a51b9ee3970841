// SPDX-License-Identifier: BSD-3-Clause
// frames -- what a reader must refuse: frames that are good, damaged, cut off, too long, or not
// ours.
#include "lessons/11_serialization/serialization.h"
#include "lib/rng.h"
#include <stdlib.h>
#include <string.h>

static frame_verdict judge(const unsigned char *frame, size_t size)
{
    if (size < FRAME_HEADER) return FRAME_SHORT;
    if (memcmp(frame, "GRFR", 4)) return FRAME_FOREIGN;
    if (frame[4] > FRAME_VERSION) return FRAME_NEWER;
    size_t rest = size - FRAME_HEADER, length = serial_u32(frame + 8);
    if (rest < FRAME_TRAILER || length > rest - FRAME_TRAILER) return FRAME_SHORT;
    if (length < rest - FRAME_TRAILER) return FRAME_LONG;
    uint32_t crc = serial_crc(frame, FRAME_HEADER + length);
    return crc == serial_u32(frame + FRAME_HEADER + length) ? FRAME_GOOD : FRAME_DAMAGED;
}

static gr_status judge_all(void *problem, int workers)
{
    serial_frames *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) p->verdict[i] = (int32_t)judge(p->frame[i], p->size[i]);
    return GR_OK;
}

// ---- the problem ----

static void put_u32(unsigned char *to, uint32_t value)
{
    for (int k = 0; k < 4; k++) to[k] = (unsigned char)(value >> 8 * k);
}

static void seal(unsigned char *frame, size_t size)
{
    put_u32(frame + size - FRAME_TRAILER, serial_crc(frame, size - FRAME_TRAILER));
}

// One good frame, and what may happen to it. Each comes for some i in every seven.
enum { MOST = 64 };

static size_t make_frame(unsigned char frame[MOST], size_t kind, gr_rng *rng)
{
    size_t length = gr_rng_below(rng, 24), size = FRAME_HEADER + length + FRAME_TRAILER;
    memcpy(frame, "GRFR\1\0\0\0", 8);
    put_u32(frame + 8, (uint32_t)length);
    for (size_t k = 0; k < length; k++) frame[FRAME_HEADER + k] = (unsigned char)gr_rng_u64(rng);
    if (kind == 1) frame[gr_rng_below(rng, 4)] ^= 0x20;
    if (kind == 2) frame[4] = (unsigned char)(2 + gr_rng_below(rng, 254));
    if (kind == 3) put_u32(frame + 8, 0xffffffff - (uint32_t)gr_rng_below(rng, 8));
    seal(frame, size);
    if (kind == 4) frame[5 + gr_rng_below(rng, 3)] ^= 1;
    if (kind == 5) frame[size - 1 - gr_rng_below(rng, length + FRAME_TRAILER)] ^= 0x10;
    if (kind == 6) return gr_rng_below(rng, size);
    if (kind == 7) memset(frame + size, 0, MOST - size), size += 1 + gr_rng_below(rng, 5);
    if (kind == 8) put_u32(frame + 8, (uint32_t)length + 1);
    if (kind == 9) return FRAME_HEADER; // the header is whole, and nothing else
    return size;
}

static void teardown(void *problem)
{
    serial_frames *p = problem;
    if (!p) return;
    for (size_t i = 0; p->frame && i < p->n; i++) free(p->frame[i]);
    free(p->frame);
    free(p->size);
    free(p->verdict);
    free(p);
}

static gr_status setup(void **problem, gr_size size, uint64_t seed)
{
    serial_frames *p = calloc(1, sizeof *p);
    *problem = NULL;
    if (p) {
        p->n = size.n;
        p->frame = calloc(size.n + 1, sizeof *p->frame);
        p->size = calloc(size.n + 1, sizeof *p->size);
        p->verdict = calloc(size.n + 1, sizeof *p->verdict);
    }
    bool fine = p && p->frame && p->size && p->verdict;
    for (size_t i = 0; fine && i < size.n; i++) {
        gr_rng rng = gr_rng_of(seed, i);
        unsigned char frame[MOST];
        p->size[i] = make_frame(frame, i % 11, &rng);
        p->frame[i] = malloc(p->size[i] ? p->size[i] : 1); // no byte more: reading on is seen
        fine = p->frame[i];
        if (fine) memcpy(p->frame[i], frame, p->size[i]);
    }
    if (!fine) {
        teardown(p);
        return gr_fail(GR_ENOMEM, "frames: out of memory");
    }
    *problem = p;
    return GR_OK;
}

static int outputs(void *problem, gr_output out[GR_MAX_OUTPUTS])
{
    serial_frames *p = problem;
    out[0] = (gr_output){"verdict", gr_array_of(p->verdict, GR_I32, 1, &p->n), true};
    return 1;
}

static double frames(const void *problem) { return (double)((const serial_frames *)problem)->n; }

static const gr_size no_sizes[] = {{0, 0}};

static const gr_rung rungs[] = {
    {.name = "checked", .idea = "nothing is used before it has been checked", .run = judge_all},
    {0},
};

const gr_ladder gr_ladder_frames = {
    .name = "frames",
    .title = "A reader that refuses damaged frames",
    .lesson = "11_serialization",
    .n_name = "frames",
    .sizes = no_sizes,
    .rungs = rungs,
    .setup = setup,
    .teardown = teardown,
    .outputs = outputs,
    .unit = "frame",
    .work = frames,
};

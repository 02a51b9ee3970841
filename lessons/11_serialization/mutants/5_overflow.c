// SPDX-License-Identifier: BSD-3-Clause
// Wrong: adds in 32 bits, and 0xffffffff + 16 is 15.
#include "lessons/11_serialization/serialization.h"
#include <string.h>

static frame_verdict judge(const unsigned char *frame, size_t size)
{
    if (size < FRAME_HEADER) return FRAME_SHORT;
    if (memcmp(frame, "GRFR", 4)) return FRAME_FOREIGN;
    if (frame[4] > FRAME_VERSION) return FRAME_NEWER;
    size_t rest = size - FRAME_HEADER, length = serial_u32(frame + 8);
    if (rest < FRAME_TRAILER || (uint32_t)(length + FRAME_TRAILER) > rest) return FRAME_SHORT;
    if (length < rest - FRAME_TRAILER) return FRAME_LONG;
    uint32_t crc = serial_crc(frame, FRAME_HEADER + length);
    return crc == serial_u32(frame + FRAME_HEADER + length) ? FRAME_GOOD : FRAME_DAMAGED;
}

gr_status exercise(void *problem, int workers)
{
    serial_frames *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) p->verdict[i] = (int32_t)judge(p->frame[i], p->size[i]);
    return GR_OK;
}

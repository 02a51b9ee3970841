// SPDX-License-Identifier: BSD-3-Clause
// Step 5: believe no byte
//
// Judge each frame: serialization.h says what is in one, and in which order the verdicts come.
// Believe neither the length in the header (it may be 0xffffffff) nor that there is a header at
// all. Not one byte behind the last may be read. Below, the first four bytes are all that is looked
// at.
#include "lessons/11_serialization/serialization.h"
#include <string.h>

static frame_verdict judge(const unsigned char *frame, size_t size)
{
    // TODO: size, first bytes, version, length, checksum: each before what depends on it is used
    (void)size;
    return memcmp(frame, "GRFR", 4) ? FRAME_FOREIGN : FRAME_GOOD;
}

gr_status exercise(void *problem, int workers)
{
    serial_frames *p = problem;
    (void)workers;
    for (size_t i = 0; i < p->n; i++) p->verdict[i] = (int32_t)judge(p->frame[i], p->size[i]);
    return GR_OK;
}

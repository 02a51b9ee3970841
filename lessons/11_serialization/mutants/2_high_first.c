// SPDX-License-Identifier: BSD-3-Clause
// Wrong: the highest byte first.
#include "lessons/11_serialization/serialization.h"
#include <string.h>

static unsigned char *put(unsigned char *to, uint64_t value, int bytes)
{
    for (int k = 0; k < bytes; k++) *to++ = (unsigned char)(value >> 8 * (bytes - 1 - k));
    return to;
}

// Writes one particle to `to` and returns how many bytes that took.
static size_t write_particle(unsigned char *to, const serial_particle *a)
{
    unsigned char *at = to;
    uint64_t bits;
    size_t length = strlen(a->name);
    memcpy(&bits, &a->mass, sizeof bits);
    *at++ = (unsigned char)a->kind;
    at = put(at, bits, 8);
    at = put(at, (uint32_t)a->id, 4);
    *at++ = (unsigned char)length;
    memcpy(at, a->name, length);
    return (size_t)(at - to) + length;
}

gr_status exercise(void *problem, int workers)
{
    serial_records *p = problem;
    size_t used = 0;
    (void)workers;
    memset(p->bytes, 0, p->n * SERIAL_RECORD);
    for (size_t i = 0; i < p->n; i++) used += write_particle(p->bytes + used, &p->particle[i]);
    p->used = (int64_t)used;
    return GR_OK;
}

// SPDX-License-Identifier: BSD-3-Clause
// Wrong: the bytes of the struct, gaps and all, but cut to the right length.
#include "lessons/11_serialization/serialization.h"
#include <string.h>

// Writes one particle to `to` and returns how many bytes that took.
static size_t write_particle(unsigned char *to, const serial_particle *a)
{
    memcpy(to, a, sizeof *a);
    return 14 + strlen(a->name);
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

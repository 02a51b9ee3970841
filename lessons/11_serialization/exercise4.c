// SPDX-License-Identifier: BSD-3-Clause
// Step 4: eight shifts are one look-up
//
// A CRC takes each byte with r ^= byte; and eight times r = r >> 1 ^ (r & 1 ? 0x82f63b78 : 0), so
// that the register moves by a bit, and where a 1 falls out the polynomial is XORed. The low eight
// bits alone decide what eight such steps do to the rest: p->table[0][b] is what the register
// becomes when it was b. The upper 24 bits just move down. Below they do, and what the low ones
// become is missing.
#include "lessons/11_serialization/serialization.h"

static uint32_t checksum(const serial_bytes *p, const unsigned char *bytes, size_t n)
{
    uint32_t r = 0xffffffff;
    (void)p;
    for (size_t i = 0; i < n; i++) {
        r ^= bytes[i];
        r = r >> 8; // TODO: and what the low eight bits become
    }
    return r ^ 0xffffffff;
}

gr_status exercise(void *problem, int workers)
{
    serial_bytes *p = problem;
    (void)workers;
    p->crc = checksum(p, p->bytes, p->n);
    return GR_OK;
}

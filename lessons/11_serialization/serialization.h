// SPDX-License-Identifier: BSD-3-Clause
// serialization -- what the ladders of lesson 11 work on: numbers that go through a file, bytes to
// be summed, and four small tasks with one right answer, bit for bit.
#pragma once
#include "lib/ladder.h"
#include <stddef.h>
#include <stdint.h>

// ---- ladder `serialize` ----

// y = x by way of a file in memory. Both are compared as bits.
typedef struct serial_numbers {
    size_t n;
    gr_array x, y; // (n) float64; x is not to be changed
    double *copy;  // (n), for the limit
    int fd;        // a file that has no disk below it
} serial_numbers;

// ---- ladder `checksum` ----

enum { SERIAL_SLICES = 8, SERIAL_CHAIN = 4096 }; // bytes of one chain

// The CRC-32C of n bytes: shift a register of 32 bits to the right, bit by bit; where a 1 falls
// out, XOR the polynomial 0x82f63b78. It starts as, and is finally XORed with, 0xffffffff.
typedef struct serial_bytes {
    size_t n;
    unsigned char *bytes; // (n), not to be changed
    int64_t crc;          // the result
    // table[0][b]: what the register becomes when it is b and eight bits are shifted; [k]: 8 + 8k.
    uint32_t table[SERIAL_SLICES][256];
    uint32_t chain[4][256]; // the register's byte k is b, and SERIAL_CHAIN zero bytes follow
} serial_bytes;

// The same for any bytes, one by one.
uint32_t serial_crc(const unsigned char *bytes, size_t n);

// ---- ladder `digits` ----

enum { SERIAL_TEXT = 32 };

typedef struct serial_texts {
    size_t n;
    double *x;  // (n), not to be changed
    char *text; // (n, SERIAL_TEXT): each number, then zeros
} serial_texts;

// ---- ladder `record` ----

enum { SERIAL_NAME = 12, SERIAL_RECORD = 40 };

typedef struct serial_particle {
    char kind;
    double mass;
    int32_t id;
    const char *name; // at most SERIAL_NAME characters
} serial_particle;

// All particles one after the other in `bytes`, without gaps; zeros behind the last one.
typedef struct serial_records {
    size_t n;
    serial_particle *particle; // (n), not to be changed
    char *names;               // what particle[i].name points to
    unsigned char *bytes;      // (n * SERIAL_RECORD)
    int64_t used;              // of bytes
} serial_records;

// ---- ladder `byteorder` ----

enum { SERIAL_NUMBERS = 3, SERIAL_FILE = 4 + 8 * SERIAL_NUMBERS };

// Files from machines of either byte order. Each begins with the number 0x01020304, four bytes, as
// its machine stores it; then come doubles.
typedef struct serial_files {
    size_t n;
    unsigned char *bytes; // (n, SERIAL_FILE), not to be changed
    double *y;            // (n, SERIAL_NUMBERS)
} serial_files;

// ---- ladder `frames` ----

// A frame: "GRFR", a version (1 byte, now 1), 3 zero bytes, the payload's length (4 bytes, the
// lowest first), the payload, and the CRC-32C of all that (4 bytes, the lowest first).
enum { FRAME_HEADER = 12, FRAME_TRAILER = 4, FRAME_VERSION = 1 };

typedef enum frame_verdict {
    FRAME_GOOD,
    FRAME_FOREIGN, // other first bytes than "GRFR"
    FRAME_NEWER,   // a version above FRAME_VERSION
    FRAME_SHORT,   // ends before its header, its payload or its checksum does
    FRAME_LONG,    // goes on after its checksum
    FRAME_DAMAGED  // the checksum does not hold
} frame_verdict;

typedef struct serial_frames {
    size_t n;
    size_t *size;          // (n), bytes
    unsigned char **frame; // (n)(size), not to be changed; nothing behind the last byte is yours
    int32_t *verdict; // (n): the first that holds, in the order SHORT (of the header), FOREIGN,
                      // NEWER, SHORT, LONG, DAMAGED, else GOOD
} serial_frames;

// The four bytes at p, the lowest first, as a number.
static inline uint32_t serial_u32(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

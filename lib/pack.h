// SPDX-License-Identifier: BSD-3-Clause
// pack -- dump and load: values to bytes and back, as Python's pickle, but no byte is believed.
//
//   gr_dump("run.gr", &value, GR_PROTOCOL_FRAMED);     gr_load("run.gr", &value, NULL);
//
// Three protocols; loading sees by itself which one it has.
//   text    for reading and for version control. Numbers come back bit for bit: the fewest of 15 to
//   17
//           digits that do, "nan:" and its bits for a NaN that is not the usual one.
//   packed  CBOR (RFC 8949) alone; arrays are typed arrays (RFC 8746) in this machine's byte order,
//           functions are tag 27 ["gradus/func", name, context]. What other CBOR programs read.
//   framed  packed, in a frame: magic, version, byte order and length before it, a checksum behind.
//           Damage is noticed wherever it is, and several values may follow one another in a pipe.
// A frame is 24 bytes, the packed value, 8 bytes:
//   0  "\x89GRADUS\n"   8  version   9  byte order, 'L' or 'B'   10  two zero bytes
//   12 checksum of the other 20 bytes (its low half)   16  length of what is packed   24 ...
//   checksum of all before it: XXH3, 64 bits. Numbers are in the byte order that is named.
//
// Loading asks for no memory that the data could not fill, goes no deeper than GR_VALUE_DEPTH, and
// refuses (GR_EDATA) names that come twice in a dictionary, strings that are not UTF-8, and bytes
// after the end. What is valid but not ours (other tags, wider integers, indefinite lengths, newer
// versions) is GR_EUNSUP. A function travels by its name and comes back out of the caller's table:
// data brings no code. Nothing is handed out before the checksum has been seen to hold.
#pragma once
#include "lib/value.h"

typedef enum gr_protocol {
    GR_PROTOCOL_FRAMED, // the default, and the newest: pickle's HIGHEST_PROTOCOL
    GR_PROTOCOL_TEXT,
    GR_PROTOCOL_PACKED,
    GR_PROTOCOLS
} gr_protocol;

enum { GR_PACK_VERSION = 1 }; // of frame and text

// "framed", "text", "packed".
const char *gr_protocol_name(gr_protocol protocol);

// ---- files ----

// By lib/replace.h: a reader sees the file that was there before or all of the new one, and when
// the disk is full the old one stays.
gr_status gr_dump(const char *path, const gr_value *value, gr_protocol protocol);

// *value is new; free it. funcs: where named functions are looked up, NULL at its end (such as
// gr_funcs); NULL if none are expected. On failure, here and below, *value is none. Errors name the
// file and the byte.
gr_status gr_load(const char *path, gr_value *value, const gr_func *const *funcs);

// ---- memory ----

// *bytes is new; free(bytes->data).
gr_status gr_dumps(const gr_value *value, gr_protocol protocol, gr_bytes *bytes);
gr_status gr_loads(const void *bytes, size_t size, gr_value *value, const gr_func *const *funcs);

// The bytes that dumping makes; and dumping into memory that is there already. GR_EARG if they do
// not fit in `room`.
gr_status gr_dump_size(const gr_value *value, gr_protocol protocol, size_t *size);
gr_status gr_dump_into(void *memory, size_t room, const gr_value *value, gr_protocol protocol);

// The data is one array of the type and shape of *array, whose elements it becomes: no new memory,
// so none that is touched for the first time. GR_EARG if it is another; if a call fails, what the
// elements are is not known. Any strides.
gr_status gr_loads_into(const void *bytes, size_t size, const gr_array *array);

// ---- descriptors: pipes, sockets, files ----

// The caller's descriptor, from where it stands; left behind the value. Waits as long as it takes.
// A peer that is gone is GR_ESYS ("Broken pipe") and no signal. A frame is read up to its last byte
// and not beyond; text and packed values have no length and last until the end.
gr_status gr_dump_fd(int fd, const gr_value *value, gr_protocol protocol);
gr_status gr_load_fd(int fd, gr_value *value, const gr_func *const *funcs);
gr_status gr_load_fd_into(int fd, const gr_array *array); // as gr_loads_into

// ---- sessions: a program's state, saved and restored, as dill's dump_session ----

// A record (lib/value.h), framed, in a file. Loading is all or nothing.
gr_status gr_session_save(const char *path, const gr_field *fields, const void *record);
gr_status gr_session_load(const char *path, const gr_field *fields, void *record);

// SPDX-License-Identifier: BSD-3-Clause
// pack_part -- what the files of lib/pack share; not for others.
#pragma once
#include "lib/pack.h"
#include "lib/stream.h"
#include <locale.h>

// One value to a sink, without a frame.
gr_status gr_cbor_write(gr_sink *s, const gr_value *v, int depth);
gr_status gr_text_write(gr_sink *s, const gr_value *v);

// Numbers as words, bit for bit; true if the word is one, and fits. `text` may be what is returned.
enum { GR_NUMBER_TEXT = 40 };
const char *gr_text_of_double(double d, char text[GR_NUMBER_TEXT]);
const char *gr_text_of_float(float f, char text[GR_NUMBER_TEXT]);
bool gr_text_read_int(const char *word, int64_t *i);
bool gr_text_read_double(const char *word, double *d);
bool gr_text_read_float(const char *word, float *f);
int gr_text_hex(int c);        // 0 .. 15; -1 if it is no hexadecimal digit
locale_t gr_text_locale(void); // "C": uselocale() it around all of these

// Where values are read from, and what they may hold.
typedef struct gr_reader {
    gr_source *source;
    const gr_func *const *funcs;
    char order;           // the byte order that arrays must have; 0: any
    const gr_array *into; // where the elements of an array like this one go; NULL: to new memory
} gr_reader;

// One value; *v is none if it fails.
gr_status gr_cbor_read(const gr_reader *r, gr_value *v, int depth);
gr_status gr_text_read(const gr_reader *r, gr_value *v);

// What both formats ask. UTF-8 (RFC 3629) without '\0'. Not too deep. A function by name.
bool gr_utf8_valid(const char *text, size_t n);
gr_status gr_pack_depth(int depth);
gr_status gr_pack_string(const char *string, size_t n);
gr_status gr_pack_func(const gr_reader *r, const char *name, const gr_func **func);

// Puts "what: " before the message of a failure.
gr_status gr_pack_fail_in(const char *what, gr_status status);

// Is `a` of this type and shape?
bool gr_pack_alike(const gr_array *a, gr_dtype dtype, int ndim, const size_t *shape);

// A new gr_array of its own below *v, taking the block `data` of its elements.
gr_status gr_pack_array(gr_value *v, gr_dtype dtype, int ndim, const size_t *shape, void *data);

// Room for item n of a block in which n are: doubles it where n is a power of two.
bool gr_room_for_one(void **block, size_t n, size_t each);

// Appends to the list or the dictionary *v, which takes the value, and the name; frees both if it
// fails. Names are put in order, and looked through for twins, at the end.
gr_status gr_pack_item(gr_value *v, gr_value item);
gr_status gr_pack_pair(gr_value *v, char *name, gr_value value);
gr_status gr_pack_pairs_end(gr_value *v);

extern const char gr_native_order; // 'L' or 'B'

// ---- CBOR, as both directions know it ----

enum {
    CBOR_UNSIGNED,
    CBOR_NEGATIVE,
    CBOR_BYTES,
    CBOR_TEXT,
    CBOR_LIST,
    CBOR_DICT,
    CBOR_TAG,
    CBOR_SIMPLE
};
enum { CBOR_NONE = 22, CBOR_HALF = 25, CBOR_SINGLE = 26, CBOR_DOUBLE = 27, CBOR_INDEFINITE = 31 };
// Tags: a language-independent object, an array with a shape.
enum { CBOR_OBJECT = 27, CBOR_GRID = 40 };
enum { CBOR_LITTLE = 4 }; // added to a typed array's tag: little-endian

extern const unsigned char gr_cbor_tags[GR_DTYPES]; // of typed arrays, big-endian
extern const char gr_cbor_func[];                   // "gradus/func", the type of an object

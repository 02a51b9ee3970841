// SPDX-License-Identifier: BSD-3-Clause
// value -- what can be dumped and loaded: numbers, strings, bytes, arrays, lists, dictionaries and
// named functions, one inside another. And records: structs, described field by field.
//
// A gr_value is a small struct that is passed around as it is. One that was made by gr_value_*
// looks at memory of its maker (a view, as in gr_array); one that was loaded, or a dictionary that
// was set, owns what is below it. gr_value_free frees what is owned and nothing else.
//
// Interface:
//   gr_value_int, _double, _string, _bytes, _array, _list, _func    views
//   gr_dict_set, _get                                                a value for each name
//   gr_value_equal, _free
//   gr_record_pack, _unpack                                          a struct <-> a dictionary
#pragma once
#include "lib/array.h"
#include "lib/map.h"
#include "lib/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GR_VALUE_DEPTH = 64 }; // how deep lists and dictionaries may lie in one another

typedef enum gr_kind {
    GR_VALUE_NONE, // what a zeroed gr_value is
    GR_VALUE_INT,
    GR_VALUE_DOUBLE,
    GR_VALUE_STRING, // UTF-8
    GR_VALUE_BYTES,
    GR_VALUE_ARRAY,
    GR_VALUE_LIST,
    GR_VALUE_DICT,
    GR_VALUE_FUNC,
    GR_KINDS
} gr_kind;

typedef struct gr_value {
    gr_kind kind;
    size_t size; // bytes of a string (without its '\0'), of bytes, of a context; items, pairs
    union {
        int64_t integer;
        double number;
        const char *string; // ends with '\0', has none inside
        const void *bytes;
        const gr_array *array;
        struct gr_value *items;
        struct gr_pair *pairs; // by length of the name, then by its bytes
        const gr_func *func;
    };
    const void *context; // of a function: `size` bytes
    void *owner;         // the block to free; NULL in a view
} gr_value;

typedef struct gr_pair {
    char *name; // owned
    gr_value value;
} gr_pair;

// "an integer", "a dictionary", ...
const char *gr_kind_name(gr_kind kind);

// ---- make: each looks at the caller's memory ----

gr_value gr_value_int(int64_t integer);
gr_value gr_value_double(double number);
gr_value gr_value_string(const char *string);
gr_value gr_value_bytes(const void *bytes, size_t size);
gr_value gr_value_array(const gr_array *array); // any strides
gr_value gr_value_list(gr_value *items, size_t n);
gr_value gr_value_func(const gr_func *func, const void *context, size_t size);

// ---- dictionaries ----

// An empty one.
gr_value gr_dict_new(void);

// dict[name] = value: takes `value`, which is freed on failure (GR_ENOMEM), and copies the name.
// A value of that name is replaced.
gr_status gr_dict_set(gr_value *dict, const char *name, gr_value value);

// Borrowed; NULL if there is none of this name.
gr_value *gr_dict_get(const gr_value *dict, const char *name);

// As get, but GR_EARG if it is not there (naming the nearest name) or of another kind.
gr_status gr_dict_need(const gr_value *dict, const char *name, gr_kind kind, gr_value **value);

// The order in which names are kept and written: shorter ones first (RFC 8949, 4.2.3).
int gr_pair_order(const void *a, const void *b); // for qsort: of two gr_pair

// ---- look, and free ----

// Same kinds, same sizes, same bits, all the way down.
bool gr_value_equal(const gr_value *a, const gr_value *b);

// *a becomes the array in *v, and the caller's to free: moved where *v owns it, else copied. *v is
// none then. GR_EARG if it is no array.
gr_status gr_value_take_array(gr_value *v, gr_array *a);

// Frees what *v owns and makes it none.
void gr_value_free(gr_value *v);

// ---- records ----

typedef enum gr_field_type {
    GR_FIELD_I32,   // int32_t
    GR_FIELD_I64,   // int64_t
    GR_FIELD_F64,   // double
    GR_FIELD_CHARS, // char[count], a string that ends with '\0'
    GR_FIELD_ARRAY  // gr_array; zeroed, or valid
} gr_field_type;

// One field of a struct. A table of them ends with .name == NULL:
//   {{"best", GR_FIELD_F64, offsetof(state, best)}, {"x", GR_FIELD_F64, offsetof(state, x), 3},
//   {0}}
typedef struct gr_field {
    const char *name;
    gr_field_type type;
    size_t offset; // offsetof(the struct, field)
    size_t count;  // numbers, or chars, in a field that is a C array; 0: a single number
} gr_field;

// *dict is a new dictionary of the fields by name: no padding, no pointers. It looks at the arrays
// of *record, which must outlive it; free it. GR_EARG if chars have no end.
gr_status gr_record_pack(gr_value *dict, const gr_field *fields, const void *record);

// The other way. All or nothing: GR_EARG if a field is missing, of another kind or does not fit, or
// if there is a name that is no field; *record is then as before. Arrays change hands where *dict
// owns them, else are copied; those that *record had before are freed.
gr_status gr_record_unpack(gr_value *dict, const gr_field *fields, void *record);

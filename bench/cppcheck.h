// SPDX-License-Identifier: BSD-3-Clause
// cppcheck -- the loops of jansson.h, of which cppcheck reads nothing (bench/lint.sh includes it).
#pragma once
#define json_array_foreach(array, i, value)                                                        \
    for (i = 0; i < json_array_size(array) && (value = json_array_get(array, i)); i++)
#define json_object_foreach(object, key, value)                                                    \
    for (key = json_key(object); key && (value = json_object_get(object, key));                    \
         key = json_key(object))

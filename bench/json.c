// SPDX-License-Identifier: BSD-3-Clause
#include "bench/json.h"
#include <math.h>

double gr_json_number(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

int gr_json_integer(const json_t *object, const char *name)
{
    return (int)json_integer_value(json_object_get(object, name));
}

bool gr_json_true(const json_t *object, const char *name)
{
    return json_is_true(json_object_get(object, name));
}

const char *gr_json_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

json_t *gr_json_interval(gr_interval t)
{
    return json_pack("{s:f, s:f, s:f}", "median", t.mid, "lo", t.lo, "hi", t.hi);
}

// SPDX-License-Identifier: BSD-3-Clause
// json -- members of a JSON object as plain values; what is missing or of another type is NAN, 0,
// false or "".
#pragma once
#include "lib/stats.h"
#include <jansson.h>
#include <stdbool.h>

double gr_json_number(const json_t *object, const char *name);
int gr_json_integer(const json_t *object, const char *name);
bool gr_json_true(const json_t *object, const char *name);
const char *gr_json_text(const json_t *object, const char *name);

// {"median", "lo", "hi"}; the caller's. NULL where memory is out.
json_t *gr_json_interval(gr_interval t);

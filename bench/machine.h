#pragma once
#include "lib/status.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
typedef void gr_machine_progress(void *context, int done, int total, const char *what);
gr_status gr_machine_measure(bool quick, gr_machine_progress *progress, void *context,
                             json_t **card);
gr_status gr_machine_limits(json_t **limits);
void gr_machine_best(json_t *into, const json_t *other);
void gr_machine_print(const json_t *card, FILE *out);

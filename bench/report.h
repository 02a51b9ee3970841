// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include "lib/status.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
gr_status gr_report_write(const json_t *document, const char *dir);
void gr_report_print(const json_t *document, FILE *out, bool colour, int columns);

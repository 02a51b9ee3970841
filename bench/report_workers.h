// SPDX-License-Identifier: BSD-3-Clause
// report_workers -- the plot of what each worker did, one for each ladder and size.
#pragma once
#include "bench/report_model.h"
#include <stdio.h>

// Rungs of the group whose workers' times are known.
size_t gr_group_crews(const gr_report_group *group);

// Prints data and script of plots/NAME, and the same in words. The group has crews.
void gr_workers_write(const gr_report_group *group, const char *name, FILE *dat, FILE *gp);
void gr_workers_say(const gr_report_group *group, FILE *out);

// SPDX-License-Identifier: BSD-3-Clause
// picture -- a two-dimensional result as something to look at: in the terminal, and as a PNG.
#pragma once
#include "lib/array.h"
#include "lib/ladder.h"
#include <stdio.h>

// Draws a (rows, columns) array with characters, at most `width` wide; row 0 at the bottom.
// Each character stands for the mean of what it covers; negative integers (inside) are '@'.
void gr_picture_print(const gr_array *a, gr_picture kind, int width, FILE *out);

// Writes a PNG by gnuplot, to a temporary name first. GR_EUNSUP where there is no gnuplot.
gr_status gr_picture_png(const gr_array *a, gr_picture kind, const char *title, const char *path);

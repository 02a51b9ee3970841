// SPDX-License-Identifier: BSD-3-Clause
#include "lib/line.h"
#include <math.h>

enum { FEWEST = 3 }; // points of one of two lines

static double relative_error(const double *x, const double *y, size_t n, const gr_line *line)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        double off = (line->at0 + line->slope * x[i]) / y[i] - 1;
        sum += off * off;
    }
    return sqrt(sum / (double)n);
}

gr_status gr_line_fit(const double *x, const double *y, size_t n, gr_line *line)
{
    double w = 0, wx = 0, wy = 0, wxx = 0, wxy = 0;
    for (size_t i = 0; i < n; i++) {
        if (!(y[i] > 0)) return gr_fail(GR_EARG, "a line: y[%zu] = %g is not above 0", i, y[i]);
        double weight = 1 / (y[i] * y[i]);
        w += weight, wx += weight * x[i], wy += weight * y[i];
    }
    for (size_t i = 0; i < n; i++) { // around the mean, or digits are lost
        double weight = 1 / (y[i] * y[i]), dx = x[i] - wx / w, dy = y[i] - wy / w;
        wxx += weight * dx * dx, wxy += weight * dx * dy;
    }
    if (n < 2 || !(wxx > 0)) return gr_fail(GR_EARG, "a line needs two points that differ in x");
    line->slope = wxy / wxx;
    line->at0 = wy / w - line->slope * wx / w;
    line->error = relative_error(x, y, n, line);
    return GR_OK;
}

gr_status gr_line_fit_two(const double *x, const double *y, size_t n, gr_line line[2],
                          size_t *split)
{
    double best = INFINITY;
    if (n < 2 * FEWEST)
        return gr_fail(GR_EARG, "two lines through %zu points: expected %d or more", n, 2 * FEWEST);
    for (size_t k = FEWEST; k + FEWEST <= n; k++) {
        gr_line first, second;
        GR_TRY(gr_line_fit(x, y, k, &first));
        GR_TRY(gr_line_fit(x + k, y + k, n - k, &second));
        double sum =
            (double)k * first.error * first.error + (double)(n - k) * second.error * second.error;
        if (!(sum < best)) continue;
        best = sum, *split = k;
        line[0] = first, line[1] = second;
    }
    return GR_OK;
}

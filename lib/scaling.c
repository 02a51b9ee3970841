// SPDX-License-Identifier: BSD-3-Clause
#include "lib/scaling.h"
#include <math.h>
#include <string.h>

static double part(double above, double below)
{
    return below > 0 ? fmin(1, fmax(0, above / below)) : NAN;
}

double gr_amdahl_fit(const double *p, const double *gain, size_t n)
{
    double above = 0, below = 0;
    for (size_t i = 0; i < n; i++) {
        double share = 1 - 1 / p[i];
        above += (1 / gain[i] - 1 / p[i]) * share;
        below += share * share;
    }
    return isnan(above) ? NAN : part(above, below);
}

double gr_gustafson_fit(const double *p, const double *gain, size_t n)
{
    double above = 0, below = 0;
    for (size_t i = 0; i < n; i++) {
        above += (p[i] - gain[i]) * (p[i] - 1);
        below += (p[i] - 1) * (p[i] - 1);
    }
    return isnan(above) ? NAN : part(above, below);
}

double gr_karp_flatt(double p, double gain)
{
    return p > 1 ? (1 / gain - 1 / p) / (1 - 1 / p) : NAN;
}

// ---- three terms, none below 0 ----

enum { TERMS = 3 };

static double term(int k, double p) { return k == 0 ? 1 : k == 1 ? 1 / p : log2(p); }

// Solves a x = b, n x n, by elimination with pivots; false if it cannot be.
static bool solve(double a[TERMS][TERMS], double b[TERMS], int n)
{
    for (int k = 0; k < n; k++) {
        int best = k;
        for (int i = k; i < n; i++)
            if (fabs(a[i][k]) > fabs(a[best][k])) best = i;
        if (!(fabs(a[best][k]) > 1e-12)) return false;
        for (int j = 0; j < n; j++) {
            double kept = a[k][j];
            a[k][j] = a[best][j], a[best][j] = kept;
        }
        double kept = b[k];
        b[k] = b[best], b[best] = kept;
        for (int i = 0; i < n; i++) {
            double factor = i == k ? 0 : a[i][k] / a[k][k];
            for (int j = k; j < n; j++) a[i][j] -= factor * a[k][j];
            b[i] -= factor * b[k];
        }
    }
    for (int k = 0; k < n; k++) b[k] /= a[k][k];
    return true;
}

// Least squares with some of the terms (bits of `which`); false if one comes out below 0.
static bool fit_some(const double *p, const double *seconds, size_t n, unsigned which,
                     double found[TERMS])
{
    int used[TERMS], m = 0;
    double a[TERMS][TERMS] = {{0}}, b[TERMS] = {0};
    for (int k = 0; k < TERMS; k++)
        if (which >> k & 1) used[m++] = k;
    for (size_t i = 0; i < n; i++) // each point's equation divided by its time
        for (int r = 0; r < m; r++) {
            double x = term(used[r], p[i]) / seconds[i];
            for (int c = 0; c < m; c++) a[r][c] += x * term(used[c], p[i]) / seconds[i];
            b[r] += x;
        }
    double scale = 0; // so that "singular" does not depend on the unit of time
    for (int r = 0; r < m; r++) scale = fmax(scale, a[r][r]);
    for (int r = 0; r < m; r++) {
        for (int c = 0; c < m; c++) a[r][c] /= scale;
        b[r] /= scale;
    }
    if (!solve(a, b, m)) return false;
    memset(found, 0, TERMS * sizeof *found);
    bool positive = true;
    for (int r = 0; r < m; r++) found[used[r]] = b[r], positive = positive && b[r] >= 0;
    return positive;
}

double gr_overhead_at(const gr_overhead *fit, double p)
{
    return fit->constant + fit->divided / p + fit->growing * log2(p);
}

static double error_of(const gr_overhead *fit, const double *p, const double *seconds, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        double off = gr_overhead_at(fit, p[i]) / seconds[i] - 1;
        sum += off * off;
    }
    return sqrt(sum / (double)n);
}

static size_t numbers(const double *p, size_t n)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        bool first = true;
        for (size_t k = 0; k < i; k++) first = first && p[k] != p[i];
        found += first;
    }
    return found;
}

// The best of all choices of terms whose coefficients are none below 0: so few that all are tried.
gr_status gr_overhead_fit(const double *p, const double *seconds, size_t n, bool weak,
                          gr_overhead *fit)
{
    size_t terms = weak ? 2 : 3;
    *fit = (gr_overhead){.error = INFINITY};
    if (numbers(p, n) <= terms)
        return gr_fail(GR_EARG, "%zu terms through times of %zu numbers of workers: expected more",
                       terms, numbers(p, n));
    for (size_t i = 0; i < n; i++)
        if (!(seconds[i] > 0 && p[i] >= 1))
            return gr_fail(GR_EARG, "a time on %g workers of %g s: expected more than 0", p[i],
                           seconds[i]);
    for (unsigned which = 1; which < 1u << TERMS; which++) {
        double found[TERMS];
        if ((weak && which & 2) || !fit_some(p, seconds, n, which, found)) continue;
        gr_overhead some = {.constant = found[0], .divided = found[1], .growing = found[2]};
        some.error = error_of(&some, p, seconds, n);
        if (some.error < fit->error) *fit = some;
    }
    return GR_OK;
}

// SPDX-License-Identifier: BSD-3-Clause
#include "bench/report_words.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

gr_text gr_words(const char *format, ...)
{
    gr_text text;
    va_list args;
    va_start(args, format);
    vsnprintf(text.s, sizeof text.s, format, args);
    va_end(args);
    return text;
}

// `value` rounded to three significant digits.
static double rounded(double value)
{
    if (!(fabs(value) > 0) || !isfinite(value)) return value;
    double step = pow(10, floor(log10(fabs(value))) - 2);
    return step > 0 && isfinite(step) ? round(value / step) * step : value;
}

// Decimals that show three significant digits of a rounded value.
static int decimals(double value)
{
    double magnitude = fabs(value);
    return magnitude >= 99.95 ? 0 : magnitude >= 9.995 ? 1 : magnitude >= 0.9995 ? 2 : 3;
}

gr_text gr_words_number(double value)
{
    if (!isfinite(value)) return gr_words("-");
    double r = rounded(value), magnitude = fabs(r);
    if (magnitude > 0 && (magnitude < 0.001 || magnitude >= 1e7)) return gr_words("%.2e", r);
    return gr_words("%.*f", decimals(r), r);
}

gr_text gr_words_count(double value)
{
    return isfinite(value) ? gr_words("%.0f", value) : gr_words("-");
}

typedef struct unit {
    double size;
    const char *name;
} unit;

// The largest unit in which the rounded value is at least 1, else the last.
static unit unit_of(double value, const unit *units, int n)
{
    double r = rounded(fabs(value)) * (1 + 1e-9);
    for (int i = 0; i < n - 1; i++)
        if (r >= units[i].size) return units[i];
    return units[n - 1];
}

static unit unit_of_seconds(double seconds)
{
    static const unit units[] = {{1, "s"}, {1e-3, "ms"}, {1e-6, "us"}, {1e-9, "ns"}};
    return unit_of(seconds, units, 4);
}

gr_text gr_words_seconds(double seconds)
{
    if (!isfinite(seconds)) return gr_words("-");
    unit u = unit_of_seconds(seconds);
    return gr_words("%s %s", gr_words_number(seconds / u.size).s, u.name);
}

gr_text gr_words_interval(double lo, double hi)
{
    if (!isfinite(lo) || !isfinite(hi)) return gr_words("-");
    unit a = unit_of_seconds(lo), b = unit_of_seconds(hi);
    if (a.size < b.size)
        return gr_words("%s to %s", gr_words_seconds(lo).s, gr_words_seconds(hi).s);
    return gr_words("%s to %s %s", gr_words_number(lo / b.size).s, gr_words_number(hi / b.size).s,
                    b.name);
}

gr_text gr_words_ratio(double ratio)
{
    return isfinite(ratio) ? gr_words("%sx", gr_words_number(ratio).s) : gr_words("-");
}

gr_text gr_words_ratios(double lo, double hi)
{
    if (!isfinite(lo) || !isfinite(hi)) return gr_words("-");
    return gr_words("%s to %s", gr_words_ratio(lo).s, gr_words_ratio(hi).s);
}

gr_text gr_words_percent(double fraction)
{
    if (!isfinite(fraction)) return gr_words("-");
    double percent = 100 * fraction;
    return gr_words("%.*f %%", fabs(percent) < 9.95 ? 1 : 0, percent);
}

gr_text gr_words_bytes(double bytes)
{
    static const unit units[] = {{1099511627776.0, "TiB"},
                                 {1073741824.0, "GiB"},
                                 {1048576.0, "MiB"},
                                 {1024.0, "KiB"},
                                 {1.0, "B"}};
    if (!isfinite(bytes)) return gr_words("-");
    int k = 0;
    while (k < 4 && fabs(bytes) < units[k].size) k++;
    unit u = units[k];
    double value = bytes / u.size;
    if (fabs(value - round(value)) < 1e-9) return gr_words("%.0f %s", value, u.name);
    return gr_words("%s %s", gr_words_number(value).s, u.name);
}

gr_text gr_words_rate(double value, const char *name)
{
    static const unit units[] = {{1e12, "T "}, {1e9, "G "}, {1e6, "M "}, {1e3, "k "}, {1, ""}};
    if (!isfinite(value)) return gr_words("-");
    unit u = unit_of(value, units, 5);
    return gr_words("%s %s%.40s", gr_words_number(value / u.size).s, u.name, name);
}

// SPDX-License-Identifier: BSD-3-Clause
#include "bench/picture.h"
#include "bench/child.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static double value_at(const gr_array *a, size_t row, size_t column)
{
    const void *p = gr_array_at(a, (size_t[]){row, column});
    return a->dtype == GR_I32 ? *(const int32_t *)p : *(const double *)p;
}

// The mean over the cells that one character covers; *inside counts the negative ones.
static double mean_of(const gr_array *a, size_t r0, size_t r1, size_t c0, size_t c1, double *inside)
{
    double sum = 0, n = 0, negative = 0;
    for (size_t r = r0; r < r1; r++)
        for (size_t c = c0; c < c1; c++) {
            double v = value_at(a, r, c);
            negative += v < 0;
            sum += v;
            n++;
        }
    *inside = negative / n;
    return sum / n;
}

static char shade(double value, double inside, gr_picture kind, double lo, double hi)
{
    static const char image[] = " .:-=+*#%", bands[] = "0 1 2 3 4 5 6 7 8 9";
    if (kind == GR_PICTURE_IMAGE) {
        if (inside >= 0.5) return '@';
        double part = log(1 + fmax(value, 0)) / log(1 + fmax(hi, 1));
        return image[(int)(part * (sizeof image - 2) + 0.5)];
    }
    double part = hi > lo ? (value - lo) / (hi - lo) : 0;
    return bands[(int)fmin(part * (sizeof bands - 1), sizeof bands - 2)];
}

static void range_of(const gr_array *a, double *lo, double *hi)
{
    *lo = INFINITY, *hi = -INFINITY;
    for (size_t r = 0; r < a->shape[0]; r++)
        for (size_t c = 0; c < a->shape[1]; c++) {
            *lo = fmin(*lo, value_at(a, r, c));
            *hi = fmax(*hi, value_at(a, r, c));
        }
}

void gr_picture_print(const gr_array *a, gr_picture kind, int width, FILE *out)
{
    size_t rows = a->shape[0], columns = a->shape[1];
    if (a->ndim != 2 || rows == 0 || columns == 0) return;
    double lo, hi, inside;
    range_of(a, &lo, &hi);
    size_t w = columns < (size_t)width ? columns : (size_t)width;
    size_t h = (w * rows / columns + 1) / 2; // a character is about twice as high as wide
    if (h == 0) h = 1;
    for (size_t y = h; y-- > 0;) {
        for (size_t x = 0; x < w; x++) {
            double v =
                mean_of(a, y * rows / h,
                        (y + 1) * rows / h > y * rows / h ? (y + 1) * rows / h : y * rows / h + 1,
                        x * columns / w, (x + 1) * columns / w, &inside);
            putc(shade(v, inside, kind, lo, hi), out);
        }
        putc('\n', out);
    }
}

// ---- PNG
// -----------------------------------------------------------------------------------------

static const char image_script[] =
    "set palette defined (0 '#0b1026', 0.2 '#1f4e8c', 0.5 '#7fb7d6', 0.8 '#f4e3b2', 1 '#c8553d')\n"
    "set object 1 rectangle from graph 0,0 to graph 1,1 behind fillcolor rgb '#060814'\n"
    "set logscale cb; unset colorbox; set cbrange [1:*]; set size ratio -1; unset border; unset "
    "tics\n"
    "plot '%s' binary array=(%zu,%zu) format='%%float64' using ($1 < 0 ? NaN : $1 + 1) with image "
    "notitle\n";

static const char contour_script[] =
    "set palette defined (0 '#20365c', 0.5 '#f2efe6', 1 '#a63d2f'); set size ratio -1\n"
    "set contour; set cntrparam levels 12; set view map; unset surface; unset key; unset tics\n"
    "set table '%s.lines'; splot '%s' binary array=(%zu,%zu) format='%%float64' with lines; unset "
    "table\n"
    "plot '%s' binary array=(%zu,%zu) format='%%float64' with image notitle, "
    "'%s.lines' with lines lc rgb '#222222' notitle\n";

static gr_status write_doubles(const gr_array *a, const char *path)
{
    FILE *out = fopen(path, "wb");
    if (!out) return gr_fail_errno("cannot write %s", path);
    for (size_t r = 0; r < a->shape[0]; r++)
        for (size_t c = 0; c < a->shape[1]; c++) {
            double v = value_at(a, r, c);
            fwrite(&v, sizeof v, 1, out);
        }
    bool bad = ferror(out);
    if (fclose(out) || bad) return gr_fail_errno("cannot write %s", path);
    return GR_OK;
}

static gr_status write_script(const gr_array *a, gr_picture kind, const char *title,
                              const char *data, const char *png, const char *path)
{
    FILE *out = fopen(path, "w");
    size_t w = a->shape[1], h = a->shape[0];
    if (!out) return gr_fail_errno("cannot write %s", path);
    fprintf(out,
            "set terminal pngcairo size 900,900 background '#ffffff'\nset output '%s'\nset title "
            "'%s'\n",
            png, title);
    fprintf(out, "set xrange [-0.5:%zu.5]; set yrange [-0.5:%zu.5]\n", w - 1, h - 1);
    if (kind == GR_PICTURE_IMAGE)
        fprintf(out, image_script, data, w, h);
    else
        fprintf(out, contour_script, data, data, w, h, data, w, h, data);
    if (fclose(out)) return gr_fail_errno("cannot write %s", path);
    return GR_OK;
}

static gr_status draw(const gr_array *a, gr_picture kind, const char *title, const char *path,
                      const char *data, const char *script, const char *png)
{
    gr_child child;
    GR_TRY(write_doubles(a, data));
    GR_TRY(write_script(a, kind, title, data, png, script));
    gr_status status = gr_child_run((char *[]){"gnuplot", (char *)script, NULL}, 120, &child);
    if (!status && child.exit_code)
        status = gr_fail(GR_ESYS, "gnuplot: %.300s", child.err ? child.err : "failed");
    gr_child_free(&child);
    if (!status && rename(png, path)) status = gr_fail_errno("cannot write %s", path);
    return status;
}

gr_status gr_picture_png(const gr_array *a, gr_picture kind, const char *title, const char *path)
{
    char data[4096], script[4096], png[4096], lines[4104];
    if (strchr(path, '\'')) return gr_fail(GR_EARG, "picture %s: no ' in the path", path);
    struct stat about; // gnuplot's file takes the place of what is there, and that must be a file
    if (!stat(path, &about) && !S_ISREG(about.st_mode))
        return gr_fail(GR_EARG, "picture %.200s: there is something that is no file", path);
    if (a->ndim != 2 || !a->shape[0] || !a->shape[1])
        return gr_fail(GR_EARG, "picture: nothing to draw");
    snprintf(data, sizeof data, "%.4000s.dat", path);
    snprintf(lines, sizeof lines, "%s.lines", data);
    snprintf(script, sizeof script, "%.4000s.gp", path);
    snprintf(png, sizeof png, "%.4000s.new", path);
    gr_status status = draw(a, kind, title, path, data, script, png);
    unlink(data), unlink(lines), unlink(script), unlink(png);
    return status;
}

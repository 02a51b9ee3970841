// SPDX-License-Identifier: BSD-3-Clause
// report_csv -- points.csv: one line per point and peer, by RFC 4180; what is not known is empty.
#include "bench/report_parts.h"
#include <math.h>
#include <string.h>

static void put_text(FILE *out, const char *text, const char *end)
{
    bool quoted = strpbrk(text, ",\"\r\n") != NULL;
    if (quoted) fputc('"', out);
    for (; *text; text++) {
        if (*text == '"') fputc('"', out);
        fputc(*text, out);
    }
    fprintf(out, "%s%s", quoted ? "\"" : "", end);
}

static void put_number(FILE *out, double value, const char *end)
{
    if (isfinite(value)) fprintf(out, "%.9g", value);
    fputs(end, out);
}

static void put_numbers(FILE *out, const double *values, size_t n, bool shown)
{
    for (size_t i = 0; i < n; i++) put_number(out, shown ? values[i] : NAN, ",");
}

static void put_point(FILE *out, const char *kind, const gr_report_point *p)
{
    const double times[] = {p->median,   p->lo,        p->hi,        p->range_lo, p->range_hi,
                            p->least,    p->within_lo, p->within_hi, p->samples,  p->launches,
                            p->step,     p->step_lo,   p->step_hi,   p->total,    p->total_lo,
                            p->total_hi, p->rate};
    put_text(out, kind, ",");
    put_text(out, p->ladder, ",");
    put_text(out, p->rung, ",");
    put_number(out, p->size, ",");
    put_number(out, p->steps, ",");
    put_number(out, p->procs, ",");
    put_text(out, p->launcher, ",");
    fprintf(out, "%d,", p->other_algorithm);
    put_text(out, p->verify, ",");
    put_text(out, p->status, ",");
    put_numbers(out, times, sizeof times / sizeof *times, p->shown);
    put_text(out, p->rate_unit, ",");
    put_text(out, p->limit, ",");
    put_number(out, p->shown ? p->fraction : NAN, ",");
    put_text(out, p->idea, "\n");
}

void gr_report_csv(FILE *out, const gr_report_run *run)
{
    fputs("kind,ladder,rung,size,steps,procs,launcher,other_algorithm,verify,status,median_s,lo_s,"
          "hi_s,range_lo_s,range_hi_s,min_s,within_lo_s,within_hi_s,samples,launches,step,step_lo,"
          "step_hi,total,total_lo,total_hi,rate,rate_unit,limit,limit_fraction,idea\n",
          out);
    for (size_t i = 0; i < run->n_points; i++) put_point(out, "rung", &run->points[i]);
    for (size_t i = 0; i < run->n_peers; i++) put_point(out, "peer", &run->peers[i]);
}

// SPDX-License-Identifier: BSD-3-Clause
// What the document of a contest says.
#include "bench/contest.h"
#include "bench/json.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

const json_t *gr_contest_find(const json_t *document, const char *solver, const char *function)
{
    const json_t *run;
    size_t i;
    json_array_foreach(json_object_get(document, "runs"), i, run)
    {
        if (!strcmp(gr_json_text(run, "solver"), solver) &&
            !strcmp(gr_json_text(run, "function"), function))
            return run;
    }
    return NULL;
}

// At which evaluation instance i of a run reached target k; 0: it did not.
static double hit(const json_t *run, size_t i, size_t k)
{
    double at =
        json_number_value(json_array_get(json_array_get(json_object_get(run, "hits"), i), k));
    return at > 0 ? at : 0;
}

static size_t instances(const json_t *run) { return json_array_size(json_object_get(run, "hits")); }

size_t gr_contest_reached(const json_t *run)
{
    size_t n = 0;
    for (size_t i = 0; i < instances(run); i++) n += hit(run, i, GR_CONTEST_TARGETS - 1) > 0;
    return n;
}

double gr_contest_ert(const json_t *run)
{
    double sum = 0;
    for (size_t i = 0; i < instances(run); i++) {
        double at = hit(run, i, GR_CONTEST_TARGETS - 1);
        sum += at > 0 ? at : json_number_value(json_array_get(json_object_get(run, "spent"), i));
    }
    return instances(run) ? sum / (double)gr_contest_reached(run) : NAN;
}

double gr_contest_share(const json_t *document, const char *solver, double evaluations)
{
    const json_t *run;
    size_t r;
    double reached = 0, all = 0;
    json_array_foreach(json_object_get(document, "runs"), r, run)
    {
        if (strcmp(gr_json_text(run, "solver"), solver) != 0) continue;
        for (size_t i = 0; i < instances(run); i++)
            for (size_t k = 0; k < GR_CONTEST_TARGETS; k++, all++) {
                double at = hit(run, i, k);
                reached += at > 0 && at <= evaluations;
            }
    }
    return all > 0 ? reached / all : 0;
}

const char *gr_contest_solver(const json_t *document, size_t i)
{
    const json_t *run;
    const char *last = "";
    size_t r, n = 0;
    json_array_foreach(json_object_get(document, "runs"), r, run)
    {
        const char *name = gr_json_text(run, "solver");
        if (!strcmp(name, last)) continue;
        last = name;
        if (n++ == i) return name;
    }
    return NULL;
}

void gr_contest_label(const char *solver, char label[GR_CONTEST_LABEL])
{
    static const char theirs[] = "nlopt,algorithm=", whole[] = ",share=1e9";
    bool is_theirs = !strncmp(solver, theirs, sizeof theirs - 1);
    const char *name = is_theirs ? solver + sizeof theirs - 1 : solver, *end = strstr(name, whole);
    snprintf(label, GR_CONTEST_LABEL, "%.*s%s", (int)(end ? end - name : 50), name,
             is_theirs ? " (NLopt)" : "");
}

// SPDX-License-Identifier: BSD-3-Clause
// model -- formulas with parameters that are to be found, what was measured, and the cost of the
// difference: a problem for any solver.
//
//   gr_problem p;
//   gr_fit *fit;
//   GR_TRY(gr_fit_new(&fit, &p, &(gr_fit_options){.data = "data/decay.txt"}));
//   ... solve p ...
//   gr_problem_free(&p); gr_fit_free(fit);
// A model is a row of gr_model_types, a metric one of gr_metric_types. Data are text: a line for
// each point, its inputs, then what was measured, then, if there is one more column, its error;
// `nan` where nothing was. # begins a comment; in comments that begin so,
//   # model decay 5        # metric squares
// the file says what it is meant for.
#pragma once
#include "solvers/problem.h"

enum { GR_MODEL_PARAMETERS = 32, GR_MODEL_COLUMNS = 8 };

typedef struct gr_model_type {
    const char *name, *formula, *source; // one line each
    size_t least, most, usual;           // parameters
    size_t inputs, outputs;              // of one point
    double lo, hi;                       // bounds of every parameter ...
    const double *los, *his;             // (most) ... where not the same for all; else NULL
    // out (outputs) at in (inputs), with parameters x (n).
    void (*value)(const double *x, size_t n, const double *in, double *out);
} gr_model_type;

extern const gr_model_type gr_model_types[]; // name NULL ends

typedef struct gr_metric_type {
    const char *name, *about;
    double (*join)(double cost, double off); // cost: so far, from 0; off: one difference over error
    bool band; // two columns for each output, its least and its most; off: how far it is outside
} gr_metric_type;

extern const gr_metric_type gr_metric_types[]; // name NULL ends

typedef struct gr_fit_options {
    const char *data;           // a file
    const char *model, *metric; // NULL: as the file says; no metric there: squares
    size_t parameters;          // 0: as the file says, or the model's usual number
} gr_fit_options;

typedef struct gr_fit gr_fit;

// *p is a problem whose context is *fit, with the model's bounds; free both. GR_ESYS: no such file;
// GR_EDATA names its line; GR_EARG the bad word and the nearest valid one.
gr_status gr_fit_new(gr_fit **fit, gr_problem *p, const gr_fit_options *options);
void gr_fit_free(gr_fit *fit); // NULL is fine
size_t gr_fit_points(const gr_fit *fit);

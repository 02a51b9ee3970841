// SPDX-License-Identifier: BSD-3-Clause
// stop -- when a solver has done enough: rules, read from one text, that can say why.
//
//   cog(1e-6,30)   crt or evaluations(500)   vtr(1e-8,target=3) and spread   when(time(60))
// `and` binds closer than `or`; brackets group; when(RULE) is RULE, as mystic's When. Arguments go
// by place or by name; those left out have defaults. `gradus list` shows all rules. A rule looks,
// and never moves a point. evaluations, time and generations are also limits that no step
// oversteps: a step is cut at the last evaluation allowed, and can be gone on with later. A product
// measure is laid out factor by factor, each with all its weights, then all its positions;
// collapseweight(5e-3,50,2,3) is of a factor with 2 points and one with 3, (...,2) of factors with
// 2 points each, and without points all coordinates are one factor. Source of the rules: mystic's
// terminations (M. McKerns et al., SciPy 2011), with their defaults.
#pragma once
#include "lib/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct gr_solver gr_solver;

// Why solving ended. None of them is an error.
typedef enum gr_stop {
    GR_STOP_NOT,         // it has not
    GR_STOP_CONVERGED,   // a tolerance was met, or a target reached
    GR_STOP_EVALUATIONS, // as many as are allowed
    GR_STOP_GENERATIONS,
    GR_STOP_TIME,
    GR_STOP_ASKED, // somebody interrupted it
    GR_STOP_ENDED, // the solver has no further step: its grid is searched, its direction gone
    GR_STOPS
} gr_stop;

// "converged", "evaluations", ...
const char *gr_stop_name(gr_stop stop);

// A rule has up to GR_RULE_ARGS arguments by name, and up to GR_RULE_NUMBERS numbers: of a measure,
// the points of further factors follow the last argument.
enum { GR_RULE_ARGS = 4, GR_RULE_NUMBERS = 20, GR_WHY = 200 };

typedef enum gr_rule_needs {
    GR_RULE_NEEDS_COST,    // which each solver has
    GR_RULE_NEEDS_PATH,    // the best points of the last generations: likewise
    GR_RULE_NEEDS_MEASURE, // these, and coordinates that are a product measure
    GR_RULE_NEEDS_POINTS,  // the last points that were evaluated: each solver has them
    GR_RULE_NEEDS_CLOUD,
    GR_RULE_NEEDS_GAIN,
    GR_RULE_NEEDS_GRADIENT
} gr_rule_needs;

typedef struct gr_rule_type {
    const char *name, *about; // about: one line
    struct {
        const char *name;
        double usual;
    } arg[GR_RULE_ARGS]; // name NULL: no further one
    gr_stop stop;        // what it means when it is met
    size_t window;       // which argument counts generations, or points, to look back at, + 1; 0
    gr_rule_needs needs; // what a solver must have for it
    // Is it met? Then `why` says what was seen.
    bool (*met)(const gr_solver *s, const double *arg, char why[GR_WHY]);
} gr_rule_type;

extern const gr_rule_type gr_rule_types[]; // name NULL ends

// A rule read from text.
typedef struct gr_rule gr_rule;

// GR_EARG points at the bad word, says what was expected, and names the nearest valid one.
gr_status gr_rule_read(gr_rule **rule, const char *text);
void gr_rule_free(gr_rule *rule); // NULL is fine

gr_stop gr_rule_met(const gr_rule *rule, const gr_solver *s, char why[GR_WHY]);

// What the rule limits: the least of what `or` joins, the most of what `and` joins; INFINITY where
// it does not. stop: GR_STOP_EVALUATIONS, _GENERATIONS or _TIME.
double gr_rule_limit(const gr_rule *rule, gr_stop stop);

// How far its rules look back: generations, those whose best points are needed, or evaluations; 1
// if they do not.
typedef enum gr_window { GR_WINDOW_COSTS, GR_WINDOW_PATH, GR_WINDOW_POINTS } gr_window;
size_t gr_rule_window(const gr_rule *rule, gr_window window);

// GR_EARG if one of its rules asks for what the solver has not: several points, a gradient.
gr_status gr_rule_fits(const gr_rule *rule, const gr_solver *s);

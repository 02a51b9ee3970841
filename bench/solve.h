// SPDX-License-Identifier: BSD-3-Clause
// solve -- what `gradus solve` is asked, and its parts: words to a solver, and its plots.
#pragma once
#include "lib/map.h"
#include "solvers/monitor.h"
#include "solvers/problem.h"
#include "solvers/solver.h"

typedef struct gr_solve_words {
    const char *problem, *solver, *x0, *bounds, *stop, *map; // NULL: not given
    const char *log, *json, *save, *resume, *plot;
    size_t dim, seed, every, verbose; // SIZE_MAX: seed not given
    bool maximise;
} gr_solve_words;

// Makes the problem, the map and the solver that the words ask for, or those that a file of
// --resume holds. All three are the caller's to free, in any case.
gr_status gr_solve_make(const gr_solve_words *w, volatile sig_atomic_t *asked, gr_problem *problem,
                        gr_map **map, gr_solver **solver);

// "0.8,1.2,0.7": exactly n numbers into x. GR_EARG names the bad one.
gr_status gr_solve_numbers(const char *text, const char *what, double *x, size_t n);

// "0:2" for all coordinates, or "0:2,-1:1" for each; "-inf" and "inf" for none.
gr_status gr_solve_bounds(const char *text, double *lo, double *hi, size_t n);

// Where plots go: FILE.svg shows the cost over the evaluations, and in two dimensions FILE-map.svg
// the way on the surface. FILE.dat is the log they are drawn from. GR_EARG unless the name ends in
// .svg.
gr_status gr_solve_plot_name(const char *svg, char *data, size_t room);
gr_status gr_solve_plot(const char *svg, const gr_solver *s);

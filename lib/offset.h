// SPDX-License-Identifier: BSD-3-Clause
// offset -- how another clock stands to this one, from messages that go there and come back.
//
// A message was read there after it was sent here and before its answer was back here. So each
// exchange bounds the offset (there - here) from both sides, however unequal the two ways are; of
// many exchanges the tightest bounds hold together. Clocks also run at different speeds: a straight
// line through several such offsets says where the other clock will be.
//
// Sources: F. Cristian, Probabilistic clock synchronization, Distributed Computing 3 (1989); the
// bounds of both sides as in SKaMPI: T. Worsch, R. Reussner and W. Augustin, On benchmarking
// collective MPI operations, EuroPVM/MPI 2002; the line: S. Hunold and A. Carpen-Amarie, arXiv
// 1505.07734.
#pragma once
#include <stdbool.h>
#include <stddef.h>

// All times in seconds: `sent` and `back` on the clock of who asks, `there` on the other.
typedef struct gr_exchange {
    double sent, there, back;
} gr_exchange;

// At `at` on this clock, the other clock's reading less this one's lies within value -/+ error.
typedef struct gr_offset {
    double at, value, error;
} gr_offset;

// From n exchanges that follow one another closely. NaN if n is 0, or if no offset fits them all: a
// clock has jumped.
gr_offset gr_offset_of(const gr_exchange *exchanges, size_t n);

// Could both be one clock: is an offset of 0 within the bounds of all n?
bool gr_offset_none(const gr_offset *offsets, size_t n);

// The other clock = t + value + drift (t - at), for t on this clock.
typedef struct gr_clock_line {
    double at, value;
    double drift; // s a second
    double error; // s: the largest bound of a point, and the largest distance of a point from the
                  // line
} gr_clock_line;

// The least-squares line through n offsets; of one, or several at the same time, without drift.
// NaN if n is 0.
gr_clock_line gr_clock_line_of(const gr_offset *offsets, size_t n);

// The line of a clock that is this one.
gr_clock_line gr_clock_line_same(void);

// The other clock's reading at t on this one, and back.
double gr_clock_there(gr_clock_line line, double t);
double gr_clock_here(gr_clock_line line, double t);

// From here to a third clock: `there` is the line from the second to it. Errors add up.
gr_clock_line gr_clock_line_on(gr_clock_line here, gr_clock_line there);

// SPDX-License-Identifier: BSD-3-Clause
// report_words -- numbers as a reader wants them: three significant digits, one unit, plain words.
//
// Each function returns its text by value, so that calls can stand in an argument list. NaN and
// infinities are "-": not known.
#pragma once

typedef struct gr_text {
    char s[96];
} gr_text;

gr_text gr_words(const char *format, ...) __attribute__((format(printf, 1, 2)));

gr_text gr_words_number(double value);                 // 2110, 13.2, 0.58
gr_text gr_words_count(double value);                  // 500
gr_text gr_words_seconds(double seconds);              // 2.10 ms; s, ms, us or ns
gr_text gr_words_interval(double lo, double hi);       // 2.00 to 2.20 ms
gr_text gr_words_ratio(double ratio);                  // 13.2x
gr_text gr_words_ratios(double lo, double hi);         // 13.1x to 13.3x
gr_text gr_words_percent(double fraction);             // 58 %
gr_text gr_words_bytes(double bytes);                  // 32 KiB
gr_text gr_words_rate(double value, const char *unit); // 2.40 G iteration/s

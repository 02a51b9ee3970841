// SPDX-License-Identifier: BSD-3-Clause
#include "lib/nearest.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { LONGEST = 64 };

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

// Levenshtein's distance by one row of the table; longer words than LONGEST are never near.
static size_t distance(const char *a, const char *b)
{
    size_t row[LONGEST + 1], n = strlen(b);
    if (n > LONGEST) return LONGEST;
    for (size_t j = 0; j <= n; j++) row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            int same = tolower((unsigned char)a[i - 1]) == tolower((unsigned char)b[j - 1]);
            size_t change = diagonal + (same ? 0 : 1);
            diagonal = row[j];
            row[j] = least(change, least(row[j - 1], row[j]) + 1);
        }
    }
    return row[n];
}

const char *gr_nearest(const char *word, const char *const *words, size_t n)
{
    size_t length = strlen(word), allowed = length / 3 > 2 ? length / 3 : 2;
    if (length == 0 || length > LONGEST) return NULL;
    const char *best = NULL;
    size_t best_distance = allowed + 1;
    for (size_t i = 0; i < n; i++) {
        if (!words[i]) continue;
        size_t d = strncasecmp(word, words[i], length) ? distance(word, words[i]) : 1;
        if (d < best_distance) best = words[i], best_distance = d;
    }
    return best;
}

gr_hint gr_did_you_mean(const char *word, const char *const *words, size_t n)
{
    gr_hint hint = {""};
    const char *near = gr_nearest(word, words, n);
    if (near) snprintf(hint.s, sizeof hint.s, "; did you mean '%.60s'?", near);
    return hint;
}

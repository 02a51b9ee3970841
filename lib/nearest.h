// SPDX-License-Identifier: BSD-3-Clause
// nearest -- the word that was probably meant: what an error about a bad word offers.
#pragma once
#include <stddef.h>

// The word of `words` (n of them, NULL entries skipped) with the least edit distance to `word`
// (Levenshtein, letter case ignored; a word that begins with `word` counts as near). NULL when none
// is near: when more than a third of the letters, and more than two, would have to change.
const char *gr_nearest(const char *word, const char *const *words, size_t n);

// "; did you mean 'X'?" for an error about a bad word, X being gr_nearest of it; "" if none is
// near.
typedef struct gr_hint {
    char s[80];
} gr_hint;
gr_hint gr_did_you_mean(const char *word, const char *const *words, size_t n);

// SPDX-License-Identifier: BSD-3-Clause
// Recipes: the words that made a problem out of data and couplings, as one text that a saved state
// keeps. A line for each, "constraint=x0 <= 1".
#include "bench/solve.h"
#include <stdlib.h>
#include <string.h>

typedef struct entry {
    const char *name;
    size_t offset; // of the word, in gr_solve_words
} entry;

static const entry entries[] = {
    {"data", offsetof(gr_solve_words, data)},
    {"model", offsetof(gr_solve_words, model)},
    {"metric", offsetof(gr_solve_words, metric)},
    {"constraint", offsetof(gr_solve_words, constraint)},
    {"penalty", offsetof(gr_solve_words, penalty)},
    {"transform", offsetof(gr_solve_words, transform)},
    {"ranges", offsetof(gr_solve_words, ranges)},
    {"outer", offsetof(gr_solve_words, outer)},
};
enum { ENTRIES = sizeof entries / sizeof *entries };

static const char *word_of(const gr_solve_words *w, const entry *e)
{
    const char *word;
    memcpy(&word, (const char *)w + e->offset, sizeof word);
    return word;
}

static void set_word(gr_solve_words *w, const entry *e, const char *word)
{
    memcpy((char *)w + e->offset, &word, sizeof word);
}

gr_status gr_recipe_write(const gr_solve_words *w, char **text)
{
    size_t room = 1, used = 0;
    for (size_t i = 0; i < ENTRIES; i++) {
        const char *word = word_of(w, &entries[i]);
        if (word && strchr(word, '\n'))
            return gr_fail(GR_EARG, "--%s: expected one line", entries[i].name);
        room += word ? strlen(word) + 20 : 0;
    }
    *text = calloc(1, room);
    if (!*text) return gr_fail(GR_ENOMEM, "solve: out of memory");
    for (size_t i = 0; i < ENTRIES; i++) {
        const char *word = word_of(w, &entries[i]);
        if (word)
            used += (size_t)snprintf(*text + used, room - used, "%s=%s\n", entries[i].name, word);
    }
    return GR_OK;
}

gr_status gr_recipe_read(char *text, gr_solve_words *w)
{
    char *rest;
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        char *value = strchr(line, '=');
        size_t i = 0;
        if (value) *value++ = '\0';
        while (value && i < ENTRIES && strcmp(entries[i].name, line) != 0) i++;
        if (!value || i == ENTRIES)
            return gr_fail(GR_EARG, "saved state: '%.40s' is no part of a problem", line);
        set_word(w, &entries[i], value);
    }
    return GR_OK;
}

// SPDX-License-Identifier: BSD-3-Clause
#include "bench/map_items.h"
#include "bench/child.h"
#include "bench/command.h"
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 80 }; // letters of a line, of which a number needs 20

// ---- words ----

static gr_status read_item(const char *text, uint64_t *value)
{
    char *end = NULL;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    if (!isdigit((unsigned char)text[0]) || *end)
        return gr_fail(GR_EARG,
                       "item '%.60s': expected a whole number, lo:hi (hi excluded), 3,5,9 or -",
                       text);
    if (errno == ERANGE) return gr_fail(GR_EARG, "item '%.60s': more than 64 bits", text);
    *value = number;
    return GR_OK;
}

static gr_status add_span(gr_items *items, gr_span span)
{
    gr_span *longer = realloc(items->span, (items->spans + 1) * sizeof *longer);
    if (!longer) return gr_fail(GR_ENOMEM, "items: out of memory");
    items->span = longer;
    items->span[items->spans++] = span;
    if (__builtin_add_overflow(items->total, span.count, &items->total))
        return gr_fail(GR_EARG, "items: more than 2^64 of them");
    return GR_OK;
}

// "3" or "3:9", from which it is cut.
static gr_status add_part(gr_items *items, char *part)
{
    char *colon = strchr(part, ':');
    uint64_t lo, hi;
    if (colon) *colon = '\0';
    GR_TRY(read_item(part, &lo));
    if (!colon) return add_span(items, (gr_span){lo, 1});
    GR_TRY(read_item(colon + 1, &hi));
    if (hi < lo) return gr_fail(GR_EARG, "items '%s:%s': end before they begin", part, colon + 1);
    return add_span(items, (gr_span){lo, hi - lo});
}

static gr_status add_word(gr_items *items, const char *word)
{
    char *copy = strdup(word), *rest = copy;
    gr_status status = copy ? GR_OK : gr_fail(GR_ENOMEM, "items: out of memory");
    while (!status && rest) status = add_part(items, strsep(&rest, ","));
    free(copy);
    return status;
}

gr_status gr_items_open(gr_items *items, char *const *words)
{
    *items = (gr_items){0};
    if (words[0] && !strcmp(words[0], "-") && !words[1]) return items->lines = true, GR_OK;
    gr_status status = GR_OK;
    for (char *const *word = words; *word && !status; word++) {
        if (!strcmp(*word, "-"))
            status = gr_fail(GR_EARG, "item '-': standard input, and nothing beside it");
        else
            status = add_word(items, *word);
    }
    if (status) gr_items_free(items);
    return status;
}

void gr_items_free(gr_items *items)
{
    free(items->span);
    *items = (gr_items){0};
}

// ---- taking them ----

// The next line that is not blank, without white space around it; false at the end.
static gr_status next_line(gr_items *items, char text[LONGEST], bool *there)
{
    for (*there = false; !*there;) {
        errno = 0;
        if (!fgets(text, LONGEST, stdin)) {
            if (gr_interrupted()) return gr_fail(GR_ECANCEL, "interrupted");
            if (ferror(stdin)) return gr_fail_errno("standard input, line %zu", items->line + 1);
            return GR_OK;
        }
        items->line++;
        char *start = text + strspn(text, " \t\r\n"), *end = start + strlen(start);
        while (end > start && isspace((unsigned char)end[-1])) *--end = '\0';
        memmove(text, start, (size_t)(end - start) + 1);
        *there = end > start;
    }
    return GR_OK;
}

static gr_status take_lines(gr_items *items, uint64_t *to, size_t room, size_t *n)
{
    char text[LONGEST];
    bool there = true;
    for (*n = 0; *n < room; ++*n) {
        GR_TRY(next_line(items, text, &there));
        if (!there) return GR_OK;
        if (read_item(text, &to[*n]))
            return gr_fail(GR_EARG, "line %zu: '%s': expected a whole number of up to 64 bits",
                           items->line, text);
    }
    return GR_OK;
}

gr_status gr_items_take(gr_items *items, uint64_t *to, size_t room, size_t *n)
{
    if (items->lines) return take_lines(items, to, room, n);
    for (*n = 0; *n < room && items->at < items->spans;) {
        gr_span *span = &items->span[items->at];
        for (; *n < room && span->count; span->count--) to[(*n)++] = span->first++;
        items->at += span->count == 0;
    }
    return GR_OK;
}

// ---- tasks ----

gr_status gr_task_find(const char *name, const gr_func **func)
{
    const char *names[64];
    size_t n = 0;
    *func = NULL;
    for (const gr_func *const *f = gr_funcs; *f && n < 64; f++) {
        if (!strcmp((*f)->name, name)) *func = *f;
        names[n++] = (*f)->name;
    }
    if (!*func) return gr_unknown_word("task", name, names, n);
    if ((*func)->in_size == sizeof(uint64_t) &&
        ((*func)->print || (*func)->out_size == sizeof(int64_t)))
        return GR_OK;
    return gr_fail(GR_EARG, "task '%s' is not one for whole numbers: it is called by a program",
                   name);
}

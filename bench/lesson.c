// SPDX-License-Identifier: BSD-3-Clause
#include "bench/lesson.h"
#include "bench/command.h"
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- the text
// ------------------------------------------------------------------------------------

static char *read_file(const char *path)
{
    FILE *in = fopen(path, "rb");
    if (!in) return gr_fail_errno("cannot read %s", path), NULL;
    size_t room = 1 << 16, size = 0, got;
    char *text = malloc(room);
    while (text && (got = fread(text + size, 1, room - size - 1, in)) > 0) {
        size += got;
        char *longer = room - size < 2 ? realloc(text, room *= 2) : text;
        if (!longer) free(text);
        text = longer;
    }
    fclose(in);
    if (!text) return gr_fail(GR_ENOMEM, "%s: out of memory", path), NULL;
    text[size] = '\0';
    return text;
}

static char *trim(char *s)
{
    while (isspace((unsigned char)*s)) s++;
    char *end = s + strlen(s);
    while (end > s && isspace((unsigned char)end[-1])) *--end = '\0';
    return s;
}

// Cuts the next entry out of *at: lines that begin with a blank belong to the entry before them.
static char *next_entry(char **at, int *line)
{
    while (**at) {
        char *start = *at, *end = start;
        for (;;) {
            end += strcspn(end, "\n");
            ++*line;
            if (!*end) break;
            if (end[1] != ' ' && end[1] != '\t') break;
            *end = ' ';
        }
        *at = *end ? end + 1 : end;
        *end = '\0';
        if (*start != '#' && *trim(start)) return start;
    }
    return NULL;
}

// ---- keys
// ----------------------------------------------------------------------------------------

static gr_status take_number(const char *value, const char *key, int *to)
{
    size_t n;
    GR_TRY(gr_read_number(value, key, &n));
    if (n > 1000000) return gr_fail(GR_EARG, "%s '%s': too large", key, value);
    *to = (int)n;
    return GR_OK;
}

static gr_status take_reasons(char *value, gr_step *s)
{
    for (char *part = strtok(value, "|"); part && s->guess_whys < GR_CHOICES;
         part = strtok(NULL, "|"))
        s->guess_why[s->guess_whys++] = trim(part);
    return GR_OK;
}

static gr_status take_word(gr_step *s, const char *key, char *value)
{
    const struct {
        const char *key;
        const char **to;
    } words[] = {{"title", &s->title},       {"file", &s->file},       {"ladder", &s->ladder},
                 {"baseline", &s->baseline}, {"goal", &s->goal},       {"why", &s->why},
                 {"guess", &s->guess},       {"explain", &s->explain}, {"because", &s->because}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(key, words[i].key)) return *words[i].to = value, GR_OK;
    return gr_fail(GR_EDATA, "unknown key '%.40s' in a step", key);
}

static gr_status take_step_key(gr_step *s, const char *key, char *value)
{
    if (!strcmp(key, "size")) return gr_read_number(value, key, &s->size);
    if (!strcmp(key, "steps")) return gr_read_number(value, key, &s->steps);
    if (!strcmp(key, "minutes")) return take_number(value, key, &s->minutes);
    if (!strcmp(key, "answer")) return take_number(value, key, &s->answer);
    if (!strcmp(key, "guess_why")) return take_reasons(value, s);
    if (!strcmp(key, "workers")) {
        s->all_workers = !strcmp(value, "all");
        return s->all_workers || !strcmp(value, "1")
                   ? GR_OK
                   : gr_fail(GR_EDATA, "workers '%s': expected 1 or all", value);
    }
    if (!strcmp(key, "target")) {
        char *end;
        s->target = strtod(value, &end);
        return !*end && s->target > 0 && s->target <= 1
                   ? GR_OK
                   : gr_fail(GR_EDATA, "target '%s': expected a share up to 1", value);
    }
    if (!strcmp(key, "choice")) {
        if (s->choices == GR_CHOICES) return gr_fail(GR_EDATA, "more than %d choices", GR_CHOICES);
        s->choice[s->choices++] = value;
        return GR_OK;
    }
    return take_word(s, key, value);
}

static gr_status take_top_key(gr_lesson *l, const char *key, char *value)
{
    if (!strcmp(key, "title"))
        l->title = value;
    else if (!strcmp(key, "slide"))
        l->slide = value;
    else if (!strcmp(key, "minutes"))
        return take_number(value, key, &l->minutes);
    else
        return gr_fail(GR_EDATA, "unknown key '%.40s'", key);
    return GR_OK;
}

static gr_status begin_step(gr_lesson *l, const char *value)
{
    gr_step *longer = realloc(l->step, (size_t)(l->steps + 1) * sizeof *longer);
    if (!longer) return gr_fail(GR_ENOMEM, "lesson: out of memory");
    l->step = longer;
    l->step[l->steps] = (gr_step){0};
    GR_TRY(take_number(value, "step", &l->step[l->steps].number));
    if (l->step[l->steps].number != l->steps + 1)
        return gr_fail(GR_EDATA, "step %s: expected %d", value, l->steps + 1);
    l->steps++;
    return GR_OK;
}

static gr_status take_entry(gr_lesson *l, char *entry)
{
    char *equals = strchr(entry, '=');
    if (!equals) return gr_fail(GR_EDATA, "'%.40s': expected key = value", trim(entry));
    *equals = '\0';
    char *key = trim(entry), *value = trim(equals + 1);
    if (!strcmp(key, "step")) return begin_step(l, value);
    return l->steps ? take_step_key(&l->step[l->steps - 1], key, value)
                    : take_top_key(l, key, value);
}

static gr_status check_step(const gr_step *s)
{
    const struct {
        const char *key, *value;
    } needed[] = {{"title", s->title},
                  {"file", s->file},
                  {"ladder", s->ladder},
                  {"goal", s->goal},
                  {"why", s->why}};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!needed[i].value)
            return gr_fail(GR_EDATA, "step %d has no '%s'", s->number, needed[i].key);
    if (s->target > 0 && (!s->baseline || !s->size))
        return gr_fail(GR_EDATA, "step %d has a target but no baseline or size", s->number);
    if (s->explain && (s->choices < 2 || s->answer < 1 || s->answer > s->choices))
        return gr_fail(GR_EDATA,
                       "step %d: its question needs choices and the number of the right one",
                       s->number);
    return GR_OK;
}

static gr_status parse(gr_lesson *l)
{
    int line = 0;
    char *at = l->text;
    gr_status status = GR_OK;
    for (char *entry; !status && (entry = next_entry(&at, &line));) status = take_entry(l, entry);
    if (status) {
        char why[300];
        snprintf(why, sizeof why, "%s", gr_errmsg());
        return gr_fail(GR_EDATA, "%s/lesson.conf, line %d: %s", l->dir, line, why);
    }
    for (int i = 0; i < l->steps && !status; i++) status = check_step(&l->step[i]);
    if (!status && (!l->title || !l->steps)) status = gr_fail(GR_EDATA, "no title or no steps");
    if (!status) return GR_OK;
    char why[300];
    snprintf(why, sizeof why, "%s", gr_errmsg());
    return gr_fail(GR_EDATA, "%s/lesson.conf: %s", l->dir, why);
}

gr_status gr_lesson_read(gr_lesson *l, const char *root, const char *name)
{
    char path[512];
    *l = (gr_lesson){0};
    snprintf(l->dir, sizeof l->dir, "lessons/%.100s", name);
    snprintf(path, sizeof path, "%.300s/%s/lesson.conf", root, l->dir);
    l->name = l->dir + strlen("lessons/");
    l->text = read_file(path);
    if (!l->text) return GR_EARG;
    gr_status status = parse(l);
    if (status) gr_lesson_free(l);
    return status;
}

void gr_lesson_free(gr_lesson *l)
{
    free(l->step);
    free(l->text);
    *l = (gr_lesson){0};
}

static int is_lesson(const struct dirent *e) { return isdigit((unsigned char)e->d_name[0]); }

gr_status gr_lessons_read(gr_lesson lessons[GR_LESSONS], const char *root, int *n)
{
    char path[512];
    struct dirent **names = NULL;
    snprintf(path, sizeof path, "%.400s/lessons", root);
    int found = scandir(path, &names, is_lesson, alphasort);
    gr_status status =
        found > 0 ? GR_OK : gr_fail(GR_EARG, "no lessons here: run this where the Makefile is");
    *n = 0;
    for (int i = 0; i < found; i++) {
        if (!status && *n < GR_LESSONS) {
            status = gr_lesson_read(&lessons[*n], root, names[i]->d_name);
            *n += !status;
        }
        free(names[i]);
    }
    free(names);
    if (status) gr_lessons_free(lessons, *n);
    return status;
}

void gr_lessons_free(gr_lesson *lessons, int n)
{
    for (int i = 0; i < n; i++) {
        gr_lesson_free(&lessons[i]);
    }
}

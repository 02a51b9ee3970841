// SPDX-License-Identifier: BSD-3-Clause
#include "solvers/control.h"
#include "lib/nearest.h"
#include "solvers/solver_type.h"
#include <inttypes.h>
#include <string.h>

static gr_control *catching;                     // whose `asked` the handler sets
static struct sigaction before_int, before_term; // what was there before

static void remember(int number)
{
    if (catching) catching->asked = number;
}

void gr_control_catch(gr_control *c)
{
    struct sigaction ask = {.sa_handler = remember}; // no SA_RESTART: reading an answer ends, too
    c->asked = 0;
    catching = c;
    sigaction(SIGINT, &ask, &before_int);
    sigaction(SIGTERM, &ask, &before_term);
}

void gr_control_release(gr_control *c)
{
    if (catching != c) return;
    sigaction(SIGINT, &before_int, NULL);
    sigaction(SIGTERM, &before_term, NULL);
    catching = NULL;
}

static void show_best(const gr_control *c, const gr_solver *s)
{
    const double *x = s->at.x.data;
    fprintf(c->out, "best cost %.17g after %" PRId64 " evaluations, at", gr_solver_best(s, NULL),
            gr_solver_evaluations(s));
    for (size_t i = 0; i < s->n; i++) fprintf(c->out, " %.17g", x[i]);
    fputc('\n', c->out);
}

static void show_words(const gr_control *c)
{
    fprintf(c->out,
            "paused. best: show the best point   continue: go on   %sexit: leave with the "
            "best so far\n> ",
            c->call ? "call: call the function   " : "");
    fflush(c->out);
}

enum { BEST, CONTINUE, EXIT, CALL, WORDS };

// Which word it is, perhaps shortened; -1: none.
static int word_of(const gr_control *c, const char *line)
{
    static const char *const words[WORDS] = {"best", "continue", "exit", "call"};
    size_t offered = c->call ? WORDS : CALL, length = strlen(line);
    for (size_t i = 0; length && i < offered; i++)
        if (!strncmp(words[i], line, length)) return (int)i;
    fprintf(c->out, "unknown word '%.40s'%s\n", line, gr_did_you_mean(line, words, offered).s);
    return -1;
}

// Asks until somebody wants to go on or to leave. *leave: to leave.
static gr_status ask(gr_control *c, gr_solver *s, bool *leave)
{
    char line[80];
    *leave = true;
    for (;;) {
        show_words(c);
        if (!fgets(line, sizeof line, c->in)) return GR_OK;
        line[strcspn(line, "\r\n")] = '\0';
        int word = word_of(c, line);
        if (word == EXIT) return GR_OK;
        if (word == CONTINUE) return *leave = false, GR_OK;
        if (word == BEST) show_best(c, s);
        if (word == CALL) GR_TRY(c->call(s, c->user));
    }
}

gr_status gr_control_solve(gr_control *c, gr_solver *s, gr_stop *stop)
{
    for (bool leave = false; !leave;) {
        GR_TRY(gr_solver_solve(s, stop));
        if (*stop != GR_STOP_ASKED || c->asked != SIGINT || !c->in) return GR_OK;
        c->asked = 0;
        GR_TRY(ask(c, s, &leave));
    }
    return GR_OK;
}

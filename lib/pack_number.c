// SPDX-License-Identifier: BSD-3-Clause
// Numbers to text and back, bit for bit. A double is written with the fewest of 15, 16 or 17 digits
// that bring back its bits (17 always do: W. Kahan), and always with a '.', an exponent or letters,
// so that it comes back as a double.
#include "lib/pack_part.h"
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The decimal sign is a point, whatever the program's locale is. "C" needs no memory.
locale_t gr_text_locale(void) { return newlocale(LC_ALL_MASK, "C", (locale_t)0); }

// ---- to text ----

// Does the text read as these bits? Of size 4 it is a float.
static bool reads_as(const char *text, const void *bits, size_t size)
{
    float f = size == 4 ? strtof(text, NULL) : 0;
    double d = size == 8 ? strtod(text, NULL) : 0;
    return !memcmp(size == 4 ? (void *)&f : (void *)&d, bits, size);
}

static const char *shortest(char text[GR_NUMBER_TEXT], double value, const void *bits, size_t size)
{
    int most = size == 4 ? 9 : 17;
    for (int digits = size == 4 ? 6 : 15; digits <= most; digits++) {
        snprintf(text, GR_NUMBER_TEXT, "%.*g", digits, value);
        if (reads_as(text, bits, size)) break;
    }
    return strpbrk(text, ".e") ? text : strcat(text, ".0");
}

const char *gr_text_of_double(double d, char text[GR_NUMBER_TEXT])
{
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    if (bits == 0x7ff8000000000000) return "nan";
    if (isinf(d)) return d > 0 ? "inf" : "-inf";
    if (!isnan(d)) return shortest(text, d, &d, sizeof d);
    snprintf(text, GR_NUMBER_TEXT, "nan:%016llx", (unsigned long long)bits);
    return text;
}

const char *gr_text_of_float(float f, char text[GR_NUMBER_TEXT])
{
    uint32_t bits;
    memcpy(&bits, &f, sizeof bits);
    if (bits == 0x7fc00000) return "nan";
    if (isinf(f)) return f > 0 ? "inf" : "-inf";
    if (!isnan(f)) return shortest(text, (double)f, &f, sizeof f);
    snprintf(text, GR_NUMBER_TEXT, "nan:%08x", bits);
    return text;
}

// ---- from text ----

int gr_text_hex(int c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c > 0 ? strchr(digits, tolower(c)) : NULL;
    return at ? (int)(at - digits) : -1;
}

bool gr_text_read_int(const char *word, int64_t *i)
{
    char *end;
    if (!isdigit((unsigned char)word[0]) && word[0] != '-') return false;
    errno = 0;
    *i = strtoll(word, &end, 10);
    return !*end && end != word && !errno;
}

// "nan:" and `digits` digits that are a NaN of this width, into *bits.
static bool read_nan(const char *word, size_t digits, uint64_t *bits)
{
    if (strncmp(word, "nan:", 4) || strlen(word) != 4 + digits) return false;
    for (const char *c = word + 4; *c; c++) {
        int digit = gr_text_hex(*c);
        if (digit < 0) return false;
        *bits = *bits << 4 | (uint64_t)digit;
    }
    return true;
}

// Words that strtod knows and we do not write (" 1", "infinity", "nan(1)") are refused, and so are
// finite numbers that are too large.
static bool is_number(const char *word)
{
    if (!strcmp(word, "inf") || !strcmp(word, "-inf") || !strcmp(word, "nan")) return true;
    const char *digits = word + (*word == '-');
    return isdigit((unsigned char)*digits) && !strchr(word, ':') && !strchr(word, '_');
}

bool gr_text_read_double(const char *word, double *d)
{
    char *end;
    uint64_t bits = 0;
    if (read_nan(word, 16, &bits)) {
        memcpy(d, &bits, sizeof *d);
        return isnan(*d);
    }
    if (!is_number(word)) return false;
    *d = strtod(word, &end);
    return !*end && (!isinf(*d) || strstr(word, "inf"));
}

bool gr_text_read_float(const char *word, float *f)
{
    char *end;
    uint64_t bits = 0;
    uint32_t narrow;
    if (read_nan(word, 8, &bits)) {
        narrow = (uint32_t)bits;
        memcpy(f, &narrow, sizeof *f);
        return isnan(*f);
    }
    if (!is_number(word)) return false;
    *f = strtof(word, &end);
    return !*end && (!isinf(*f) || strstr(word, "inf"));
}

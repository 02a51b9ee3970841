# Gradus -- one Makefile, not recursive. `make help` is the contents page.
MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DEFAULT_GOAL := where

CC      := $(if $(filter default,$(origin CC)),gcc,$(CC))
CFLAGS  ?= -O3 -march=native -g
PREFIX  ?= /usr/local
BUILD   ?= build$(if $(SAN),-$(subst $(comma),-,$(SAN)))
comma   := ,

STD      = -std=c11 -D_GNU_SOURCE -ffp-contract=off
WARN     = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wconversion -Wno-sign-conversion -Werror
ifdef SAN
CFLAGS   = -O1 -g -fno-omit-frame-pointer -march=native -fsanitize=$(SAN)
LDFLAGS += -fsanitize=$(SAN)
endif
# OpenMP where the compiler can link it; never under ThreadSanitizer, which cannot see into its runtime.
OPENMP  := $(if $(findstring thread,$(SAN)),,$(shell echo 'int main(void){return 0;}' | $(CC) -fopenmp -x c -o /dev/null - 2>/dev/null && echo -fopenmp))
LIBS     = hwloc jansson
CPPFLAGS += -I. $(shell pkg-config --cflags $(LIBS) 2>/dev/null)
LDLIBS   = $(shell pkg-config --libs $(LIBS) 2>/dev/null || echo -lhwloc -ljansson) -lopenblas -lpthread -ldl -lm

lib_src  := $(filter-out %_test.c,$(wildcard lib/*.c solvers/*.c parallel/*.c))
app_src  := $(filter-out %_test.c,$(wildcard lessons/*/ladder*.c bench/*.c))
test_src := $(wildcard lib/*_test.c solvers/*_test.c parallel/*_test.c lessons/*/*_test.c bench/*_test.c)
objects   = $(1:%.c=$(BUILD)/%.o)
COMPILE   = $(CC) $(STD) $(WARN) $(if $(OPENMP),$(OPENMP),-Wno-unknown-pragmas) $(CPPFLAGS) $(CFLAGS) -fPIC -MMD -MP -c -o $@ $<

.PHONY: all
all: $(BUILD)/gradus

$(BUILD)/gradus: $(call objects,$(app_src)) $(BUILD)/registry.o $(BUILD)/libgradus.a
	$(CC) $(LDFLAGS) $(OPENMP) -rdynamic -o $@ $^ $(LDLIBS)
$(BUILD)/libgradus.a: $(call objects,$(lib_src))
	@rm -f $@
	$(AR) rcs $@ $^
$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(COMPILE)
$(BUILD)/registry.o: $(BUILD)/registry.c Makefile
	$(COMPILE)
$(BUILD)/registry.c: bench/registry.sh $(wildcard lessons/*/*.c)
	@mkdir -p $(@D)
	sh bench/registry.sh >$@.new
	mv $@.new $@

-include $(patsubst %.o,%.d,$(call objects,$(lib_src) $(app_src) $(test_src)))

# Gradus -- one Makefile, not recursive. `make help` is its contents page.
MAKEFLAGS += --no-builtin-rules
# All cores, unless a number of jobs is given. V=1 shows the whole commands.
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 1)
endif
.SUFFIXES:
.DEFAULT_GOAL := where
.DELETE_ON_ERROR:
comma := ,

# `make deps` installs what is missing, and is silent and quick when nothing is; with `test` among the
# goals, also what only tests need. Other goals beside it run afterwards, in a make that sees the tools.
ifneq ($(filter deps,$(MAKECMDGOALS)),)
rest := $(filter-out deps,$(MAKECMDGOALS))
.PHONY: deps $(rest)
deps:
	@sh bench/deps.sh $(filter test,$(rest))
$(firstword $(rest)): deps
	@$(MAKE) --no-print-directory $(rest)
$(wordlist 2,99,$(rest)): $(firstword $(rest))
	@:
else

CC      := $(if $(filter default undefined,$(origin CC)),gcc,$(CC))
CFLAGS  ?= -O3 -march=native -g
PREFIX  ?= /usr/local
DESTDIR ?=
VERSION  = 0.1.0

# SAN=address,undefined or SAN=thread builds everything again, sanitized, in a folder of its own. What is undefined ends a program, too.
PLAIN     = build
SANITIZED = build-address-undefined
BUILD    ?= $(if $(SAN),build-$(subst $(comma),-,$(SAN)),$(PLAIN))
SAN_FLAGS = -O1 -g -fno-omit-frame-pointer -march=native -fsanitize=$1 -fno-sanitize-recover=undefined
ifdef SAN
override CFLAGS  := $(call SAN_FLAGS,$(SAN))
override LDFLAGS += -fsanitize=$(SAN)
endif

STD    = -std=c11 -D_GNU_SOURCE -ffp-contract=off
WARN   = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wconversion -Wno-sign-conversion -Werror \
         $(if $(findstring clang,$(CC)),-Wno-enum-float-conversion) # a constant is an enum here, also among doubles
# OpenMP where the compiler can link it; not under ThreadSanitizer, which cannot see into its runtime.
OPENMP := $(if $(findstring thread,$(SAN)),,$(shell echo 'int main(void){return 0;}' | $(CC) -fopenmp -x c -o /dev/null - 2>/dev/null && echo -fopenmp))
PARALLEL = $(if $(OPENMP),$(OPENMP),-Wno-unknown-pragmas)
override CPPFLAGS += -I. -I$(BUILD)
LDLIBS   += -lhwloc -ljansson -lopenblas $(NLOPT) -lpthread -ldl -lm
Q         = $(if $(V),,@)
say       = @printf '  %-4s %s\n' '$1' '$2'
COMPILE   = $(Q)$(CC) $(STD) $(WARN) $(PARALLEL) $(CPPFLAGS) $(CFLAGS) -fPIC -MMD -MP -c -o $@ $<

# A made file is put in place only if it is new, so that nothing is rebuilt when nothing changed.
keep      = if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

# Sources are found, not listed. *_test.c are programs; a lesson's ladder*.c belong to `gradus`.
# mpi_* are in gradus-mpi only, and their tests run on ranks (bench/tests/mpi.sh). Those of bench last longest, and come first.
tests    := $(filter-out parallel/mpi_%,$(wildcard bench/*_test.c lib/*_test.c solvers/*_test.c parallel/*_test.c lessons/*/*_test.c))
mpi_src  := $(filter-out %_test.c,$(wildcard parallel/mpi_*.c lessons/*/mpi_*.c))
mpi_test := $(wildcard parallel/mpi_*_test.c)
lib_src  := $(filter-out %_test.c parallel/mpi_%,$(wildcard lib/*.c solvers/*.c parallel/*.c))
app_src  := $(filter-out %_test.c bench/main.c,$(wildcard lessons/*/ladder*.c bench/*.c))
exercise := $(wildcard lessons/*/exercise*.c lessons/*/solution*.c lessons/*/mutants/*.c)
sources  := $(lib_src) $(app_src) $(mpi_src) $(mpi_test) bench/main.c $(tests) $(exercise)
headers  := $(wildcard lib/*.h solvers/*.h parallel/*.h lessons/*/*.h bench/*.h)
tidy_goals := $(patsubst %.c,tidy/%,$(lib_src) $(app_src) bench/main.c)
objects   = $(1:%.c=$(BUILD)/%.o)
programs := $(tests:%.c=$(BUILD)/%)

# Open MPI's own words say how to compile and to link; gradus-mpi is made where they are found. MPICC= leaves it out.
MPICC    ?= mpicc
MPI_CPPFLAGS := $(patsubst -I%,-isystem %,$(if $(MPICC),$(shell $(MPICC) --showme:compile 2>/dev/null)))
MPI_LDLIBS   := $(if $(MPICC),$(shell $(MPICC) --showme:link 2>/dev/null))
# Persistent collectives have MPI 4's names, or Open MPI 4's, or are not there: then what needs them is left out by name.
PERSISTENT := $(if $(MPI_LDLIBS),$(shell printf '\043include <mpi.h>\n\043if __has_include(<mpi-ext.h>)\n\043include <mpi-ext.h>\n\043endif\n' | \
    $(CC) $(MPI_CPPFLAGS) -E - 2>/dev/null | grep -owE 'MPIX?_Neighbor_allgather_init' | LC_ALL=C sort -r | head -n 1))
$(call objects,lib/ladder.c lessons/15_collectives/mpi_ringmix.c): override CPPFLAGS += $(if $(PERSISTENT),-DGR_PERSISTENT=$(PERSISTENT))
# Not under ThreadSanitizer, which cannot see into the MPI library.
mpi      := $(if $(findstring thread,$(SAN)),,$(if $(MPI_LDLIBS),$(BUILD)/gradus-mpi))
mpi_lib  := $(mpi:%/gradus-mpi=%/libgradus-mpi.a)

# NLopt's algorithms are a solver where the library is found; NLOPT= leaves them out.
NLOPT   ?= $(shell pkg-config --libs nlopt 2>/dev/null)
$(BUILD)/solvers/nlopt.o $(BUILD)/bench/overhead.o: override CPPFLAGS += $(patsubst -I%,-isystem %,$(shell pkg-config --cflags-only-I nlopt 2>/dev/null))

.PHONY: all
all: $(BUILD)/gradus $(BUILD)/libgradus.so $(mpi) $(mpi_lib)

$(BUILD)/gradus: $(BUILD)/bench/main.o $(call objects,$(app_src)) $(BUILD)/registry.o $(BUILD)/libgradus.a
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) $(OPENMP) -rdynamic -o $@ $(filter %.o,$^) -Wl,--whole-archive $(filter %.a,$^) -Wl,--no-whole-archive $(LDLIBS)
# The same program, and what runs on MPI ranks.
$(BUILD)/gradus-mpi: $(BUILD)/bench/main.o $(call objects,$(app_src) $(mpi_src)) $(BUILD)/registry.o $(BUILD)/libgradus.a
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) $(OPENMP) -rdynamic -o $@ $(filter %.o,$^) -Wl,--whole-archive $(filter %.a,$^) -Wl,--no-whole-archive $(LDLIBS) $(MPI_LDLIBS)
$(mpi_test:%.c=$(BUILD)/%): %: %.o $(call objects,$(app_src) $(mpi_src)) $(BUILD)/registry.o $(BUILD)/libgradus.a
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) $(OPENMP) -rdynamic -o $@ $(filter %.o,$^) -Wl,--whole-archive $(filter %.a,$^) -Wl,--no-whole-archive -lcmocka $(LDLIBS) $(MPI_LDLIBS)
$(call objects,$(mpi_src) $(mpi_test)): override CPPFLAGS += $(MPI_CPPFLAGS)
$(BUILD)/libgradus.a: $(call objects,$(lib_src)) $(BUILD)/maps.o
	@rm -f $@
	$(call say,AR,$@)
	$(Q)$(AR) rcs $@ $^
# What a program on ranks needs besides libgradus.
$(BUILD)/libgradus-mpi.a: $(call objects,$(filter-out %_sanitize.c,$(filter parallel/%,$(mpi_src))))
	@rm -f $@
	$(call say,AR,$@)
	$(Q)$(AR) rcs $@ $^
$(BUILD)/libgradus.so: $(call objects,$(lib_src)) $(BUILD)/maps.o
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -shared -Wl,-soname,libgradus.so.0 -o $@ $^ $(LDLIBS)
# A test of the library sees no more than its users do; those of the program, everything but main().
$(filter $(BUILD)/bench/% $(BUILD)/lessons/%,$(programs)): $(call objects,$(app_src)) $(BUILD)/registry.o
$(programs): %: %.o $(BUILD)/libgradus.a
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) $(OPENMP) -rdynamic -o $@ $(filter %.o,$^) $(filter %.a,$^) -lcmocka $(TEST_LIBS) $(LDLIBS)
# Another CBOR library to compare with; allocations that a test counts and refuses.
$(BUILD)/lib/pack_cbor_test: TEST_LIBS = -lcbor
$(BUILD)/lib/pack_hostile_test $(BUILD)/solvers/contract_test: TEST_LIBS = $(call wrapped,malloc calloc realloc posix_memalign strdup free)
$(BUILD)/bench/setup_test: TEST_LIBS = $(call wrapped,malloc calloc realloc posix_memalign aligned_alloc strdup free)
wrapped = $(patsubst %,-Wl$(comma)--wrap=%,$1)
$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(COMPILE)
$(BUILD)/registry.o $(BUILD)/maps.o: %.o: %.c Makefile
	$(COMPILE)
$(BUILD)/registry.c: FORCE
	@mkdir -p $(@D); sh bench/registry.sh program >$@.new; $(keep)
$(BUILD)/maps.c: FORCE
	@mkdir -p $(@D); sh bench/registry.sh library >$@.new; $(keep)
$(call objects,$(app_src) bench/main.c $(tests) solvers/nlopt.c): | $(BUILD)/config.h
# What the program knows of its own build; rewritten only when it changes.
define CONFIG
// Made by the Makefile: do not edit.
#define GR_VERSION "$(VERSION)"
#define GR_CC "$(CC)"
#define GR_FLAGS "$(strip $(STD) $(WARN) $(PARALLEL) $(CFLAGS))"
#define GR_NLOPT $(if $(NLOPT),1,0)
#define GR_MPI_FLAGS "$(MPI_CPPFLAGS)"
#define GR_SANITIZED_FLAGS "$(strip $(STD) $(WARN) $(PARALLEL) $(call SAN_FLAGS,address$(comma)undefined))"
#define GR_SOURCE_DIR "$(CURDIR)"
#define GR_SANITIZED "$(SANITIZED)/gradus"
endef
export CONFIG
$(BUILD)/config.h: FORCE
	@mkdir -p $(@D); printenv CONFIG >$@.new; $(keep)
-include $(patsubst %.o,%.d,$(call objects,$(lib_src) $(app_src) $(mpi_src) $(mpi_test) bench/main.c $(tests)))

# ---- the learner's words: make L=07 S=3 goes to a step ------------------------------------------
learn = $(BUILD)/gradus learn $1 $(if $(L),--lesson $(L)) $(if $(S),--step $(S)) $(if $(GUESS),--guess $(GUESS)) \
        $(if $(WHY),--why $(WHY)) $(if $(A),--answer $(A)) $(if $(SURE),--sure)
quiet := where predict hint next list explain solution reset skip report
.PHONY: $(quiet) check watch time
$(quiet): all
	@$(call learn,$@)
time: all
	@$(call learn,$@)
# GNU make turns every failure into its own 2; that a speed was not judged is no failure.
check watch: all sanitized
	@$(call learn,$@); code=$$?; [ $$code -eq 3 ] || exit $$code
.PHONY: sanitized
sanitized: $(if $(SAN),,FORCE)
	@$(MAKE) --no-print-directory SAN=address,undefined all

# ---- measuring -----------------------------------------------------------------------------------
.PHONY: bench machine texts
bench: all
	$(BUILD)/gradus bench $(if $(QUICK),--quick) $(if $(BUDGET),--budget $(BUDGET)) $(if $(PEERS),--peers) $(if $(AA),--aa) $(if $(OUT),--out $(OUT)) $(LADDERS)
machine: all
	$(BUILD)/gradus machine
# The numbers and tables in the texts come from the stored reference run.
texts: all
	$(BUILD)/gradus texts results/reference/points.json README.md lessons/*/README.md

# ---- tests ---------------------------------------------------------------------------------------
.PHONY: test test-unit test-sanitized test-threads test-clang syntax test-learn test-program memcheck
test: # one after the other: they fill the machine by themselves
	@set -e; for part in lint test-unit test-sanitized test-threads test-clang test-learn test-program memcheck; do \
	    echo "== $$part"; start=$$(date +%s); $(MAKE) --no-print-directory $$part; echo "== $$part: $$(($$(date +%s) - start)) s"; done
	@echo "All checks passed."
# A program that hangs fails, and says so, long before whoever waits for it gives up.
LIMIT = timeout --kill-after=5 600
# What reads damaged records computes nothing that a sanitized run does not.
test-unit: $(programs) all
	prove --timer -j2 --exec '$(LIMIT)' $(filter-out %/report_damage_test,$(programs))
test-sanitized:
	@$(MAKE) --no-print-directory SAN=address,undefined run-programs
test-threads:
	@$(MAKE) --no-print-directory SAN=thread run-thread-programs
test-clang:
	@$(MAKE) --no-print-directory CC=clang BUILD=build-clang CFLAGS='-O1 -march=native -g' all syntax && echo "clang: no warnings"
# What only warnings are wanted of.
syntax:
	$(Q)$(CC) -fsyntax-only $(STD) $(WARN) $(PARALLEL) $(CPPFLAGS) $(CFLAGS) $(tests)
# Two lessons at a time; of those on ranks, which have the cores for themselves, one.
on_ranks := $(patsubst %/mpi_lesson.h,%,$(wildcard lessons/*/mpi_lesson.h))
number    = $(foreach l,$1,$(firstword $(subst _, ,$(notdir $l))))
test-learn: all sanitized
	prove --timer -j2 --exec '$(LIMIT) $(BUILD)/gradus learn test --lesson' $(call number,$(filter-out $(on_ranks),$(wildcard lessons/*_*)))
	prove --timer --exec '$(LIMIT) $(BUILD)/gradus learn test --lesson' $(call number,$(on_ranks))
# One at a time: a test that kills looks for what is left running.
test-program: all $(if $(mpi),$(mpi_test:%.c=$(BUILD)/%))
	prove --timer --exec '$(LIMIT) sh' $(filter-out %/tap.sh,$(wildcard bench/tests/*.sh))
# Built without AVX-512, which Valgrind does not know.
memcheck:
	@$(MAKE) --no-print-directory BUILD=build-valgrind CFLAGS='-O1 -g $(NO_AVX512)' run-memcheck
NO_AVX512 := $(if $(filter x86_64,$(shell uname -m)),-march=native -mno-avx512f)
# Without the statistics (minutes of arithmetic on the stack), the streams (a timer too fast for it), what a killed or limited worker does
# (time limits of a native machine), an allocator's counts, and the solvers' tests with thousands of runs. In maps leaks are searched for by
# AddressSanitizer: Valgrind would read all the memory that a fork map may use, the machine's, and so make it real.
run-memcheck: forking := %/maps_test %/fork_kill_test
run-memcheck: $(filter-out %/stats_test %/stream_test %/fork_test %/maps_memory_test %/contract_test %/solver_file_test %/success_test %/table_test, \
        $(filter $(BUILD)/lib/% $(BUILD)/solvers/% $(BUILD)/parallel/%,$(programs)))
	OPENBLAS_NUM_THREADS=1 GRADUS_FEW=1 prove --timer -j2 --exec '$(LIMIT) $(VALGRIND) --leak-check=full' $(filter-out $(forking),$^)
	GRADUS_FEW=1 prove --timer -j2 --exec '$(LIMIT) $(VALGRIND) --leak-check=no' $(filter $(forking),$^)
# Maps on ranks, too: not a part of `make test`, which it would make half a minute longer.
memcheck-ranks:
	@$(MAKE) --no-print-directory BUILD=build-valgrind CFLAGS='-O1 -g $(NO_AVX512)' run-memcheck-ranks
run-memcheck-ranks: $(mpi_test:%.c=$(BUILD)/%)
	for program in $^; do GRADUS_FEW=1 $(LIMIT) mpirun --allow-run-as-root --map-by slot:OVERSUBSCRIBE --mca mpi_yield_when_idle 1 -n 2 \
	    $(VALGRIND) --leak-check=no --num-callers=40 --suppressions=bench/valgrind-mpi.supp $$program || exit; done
# Races between threads, once more and by another method than ThreadSanitizer: bench/helgrind.h tells Helgrind what atomics order. Few addresses,
# since it keeps a shadow of all the memory that a fork map may use. Not the queue and the barrier, in whose tests processes die with robust
# locks, which it does not know; between threads it found nothing in them.
helgrind:
	@$(MAKE) --no-print-directory BUILD=build-helgrind CFLAGS='-O1 -g $(NO_AVX512) -include bench/helgrind.h' run-helgrind
run-helgrind: $(addprefix $(BUILD)/parallel/,team_test shm_test shm_sync_test maps_test)
	ulimit -v 2000000; OPENBLAS_NUM_THREADS=1 GRADUS_FEW=1 prove --timer -j2 --exec '$(LIMIT) $(HELGRIND)' $^
HELGRIND = valgrind --tool=helgrind --fair-sched=yes --quiet --error-exitcode=9 --suppressions=bench/valgrind.supp
VALGRIND = valgrind --quiet --error-exitcode=9 --errors-for-leak-kinds=definite --suppressions=bench/valgrind.supp
.PHONY: run-programs run-thread-programs run-memcheck memcheck-ranks run-memcheck-ranks helgrind run-helgrind
# Without what does the same arithmetic ten thousand times.
run-programs: $(filter-out %/success_test %/stats_test,$(programs))
	prove --timer -j2 --exec '$(LIMIT)' $^
# Threads fill the machine one program at a time; a race is one at the first round.
run-thread-programs: $(filter $(BUILD)/parallel/% $(BUILD)/bench/ladders_test,$(programs))
	GRADUS_FEW=1 prove --timer --exec '$(LIMIT)' $^

# ---- looking after the code ----------------------------------------------------------------------
.PHONY: lint format tidy
lint:
	sh bench/lint.sh
format:
	clang-format -i $(sources) $(headers) gradus.h
# One file at a time: its analyzer carries wrong conclusions from a file to the next.
.PHONY: $(tidy_goals)
tidy: $(tidy_goals)
$(tidy_goals): tidy/%: %.c $(BUILD)/config.h
	$(call say,TIDY,$<)
	$(Q)clang-tidy --quiet $< -- $(STD) $(PARALLEL) $(CPPFLAGS) 2>/dev/null # its counts of what it does not show

.PHONY: install uninstall clean help FORCE
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/share/man/man1
	install $(BUILD)/gradus $(mpi) $(DESTDIR)$(PREFIX)/bin
	install -m 644 $(BUILD)/libgradus.a $(mpi_lib) $(DESTDIR)$(PREFIX)/lib
	install $(BUILD)/libgradus.so $(DESTDIR)$(PREFIX)/lib/libgradus.so.0
	ln -sf libgradus.so.0 $(DESTDIR)$(PREFIX)/lib/libgradus.so
	sed -e 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|; s|@NLOPT@|$(NLOPT)|' bench/gradus.pc.in >$(DESTDIR)$(PREFIX)/lib/pkgconfig/gradus.pc
	$(if $(mpi),sed -e 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|' bench/gradus-mpi.pc.in >$(DESTDIR)$(PREFIX)/lib/pkgconfig/gradus-mpi.pc)
	install -m 644 docs/gradus.1 $(DESTDIR)$(PREFIX)/share/man/man1
	for d in lib solvers parallel; do install -d $(DESTDIR)$(PREFIX)/include/gradus/$$d; \
	    install -m 644 $$(ls $$d/*.h | grep -v -e /mpi_ -e _part.h) $(DESTDIR)$(PREFIX)/include/gradus/$$d; done
	install -m 644 gradus.h $(DESTDIR)$(PREFIX)/include/gradus
uninstall:
	rm -rf $(DESTDIR)$(PREFIX)/include/gradus $(DESTDIR)$(PREFIX)/bin/gradus $(DESTDIR)$(PREFIX)/bin/gradus-mpi $(DESTDIR)$(PREFIX)/lib/libgradus.* $(DESTDIR)$(PREFIX)/lib/libgradus-mpi.a \
	    $(DESTDIR)$(PREFIX)/lib/pkgconfig/gradus.pc $(DESTDIR)$(PREFIX)/lib/pkgconfig/gradus-mpi.pc $(DESTDIR)$(PREFIX)/share/man/man1/gradus.1
clean:
	rm -rf build build-*
FORCE:

define HELP
The learner:   make            where am I, what is next          make check   is my exercise right, clean, fast?
               make predict    guess first (GUESS=3)             make hint    one of three hints
               make next       go on                             make time    time this lesson's ladder
               make list watch explain solution reset skip report             L=10 S=2 goes to a step
The machine:   make bench      all ladders, report in results/   QUICK=1  BUDGET=10m  PEERS=1  AA=1  OUT=DIR
               make machine    the machine card
The project:   make deps       install what is missing           make test    every check there is
               make lint format tidy memcheck helgrind install clean   SAN=address,undefined | SAN=thread   CC=clang
endef
export HELP
help:
	@printenv HELP
endif

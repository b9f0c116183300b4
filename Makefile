# make run     build, and run a demo registry at http://localhost:8080
# make check   format, vet, staticcheck, short tests: before every commit
# make test    check, all tests, tests of races: what continuous integration runs
# make soak    test, then long runs: 100,000 simulated acts, 50 kills, every fuzz target, hostile contracts longest; nightly
# make bench   measure, beside peers in the same run (a module of its own)

GO ?= go
LISTEN ?= localhost:8080
DEMO_HOME ?= ./.licet
RACE_PACKAGES = ./internal/host ./internal/node ./internal/lookup ./internal/ledger
CONTRACT_PACKAGES = ./lex ./internal/contract ./internal/pack
SEED ?= 1
SOAK_ACTS ?= 100000
SOAK_KILLS ?= 50
SOAK_FUZZ ?= 60s
SOAK_TIME ?= 10m
SOAK_CONTRACTS ?= 10m

.PHONY: build run check lint test soak bench

build:
	$(GO) build -o bin/licet ./cmd/licet

run: build
	./bin/licet up --demo --home $(DEMO_HOME) --listen $(LISTEN)

lint:
	@files=$$($(GO) tool gofumpt -l $$(git ls-files -- '*.go')); \
	if [ -n "$$files" ]; then echo "gofumpt would change:"; echo "$$files"; exit 1; fi
	$(GO) vet -printf.funcs=licet/phrase.Sprintf,licet/phrase.Errorf ./...
	$(GO) tool staticcheck ./...

check: lint
	$(GO) test -short ./...

test: check
	$(GO) test ./...
	@if [ "$$($(GO) env GOHOSTOS)/$$($(GO) env GOHOSTARCH)" = linux/amd64 ]; then \
		echo "contracts on a machine of 32 bits"; GOARCH=386 $(GO) test -short $(CONTRACT_PACKAGES); \
	else echo "not linux/amd64: the tests of contracts on a machine of 32 bits are skipped"; fi
	@if command -v cc >/dev/null || command -v gcc >/dev/null; then \
		echo "$(GO) test -short -race $(RACE_PACKAGES)"; $(GO) test -short -race $(RACE_PACKAGES); \
	elif [ -n "$$CI" ]; then echo "no C compiler: tests of races need one"; exit 1; \
	else echo "no C compiler here: the tests of races are skipped"; fi

# One seed a night: SEED=$$(date +%Y%m%d) make soak.
soak: test
	$(GO) test ./internal/sim -run TestSeeds -timeout 6h -v -args -sim.acts=$(SOAK_ACTS) -sim.seed=$(SEED)
	@for a in arm64:aarch64 s390x:s390x; do q=qemu-$${a#*:}; \
		if command -v $$q >/dev/null; then echo "contracts on $${a%:*}, under $$q"; GOARCH=$${a%:*} CGO_ENABLED=0 $(GO) test -short -exec $$q $(CONTRACT_PACKAGES) || exit 1; \
		else echo "$$q is not installed (Debian: qemu-user): contracts on $${a%:*} are skipped"; fi; done
	$(GO) test ./cmd/licet -run TestKill -timeout 2h -v -args -kills=$(SOAK_KILLS) -killseed=$(SEED)
	LICET_SOAK=$(SOAK_TIME) $(GO) test ./internal/host -run SoakPowerCuts -timeout 12h -v
	@for p in $$($(GO) list ./...); do \
		for f in $$($(GO) test -list '^Fuzz' $$p | grep '^Fuzz'); do \
			t=$(SOAK_FUZZ); if [ $$p/$$f = licet/lex/FuzzSource ]; then t=$(SOAK_CONTRACTS); fi; \
			echo "$$p $$f for $$t"; \
			$(GO) test $$p -run '^$$' -fuzz "^$$f$$" -fuzztime $$t -fuzzminimizetime 20x || exit 1; \
		done; \
	done

bench:
	cd bench && $(GO) run .

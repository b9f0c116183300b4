# make run     build, and run a demo registry at http://localhost:8080
# make check   format, vet, staticcheck, short tests: before every commit
# make test    check, all tests, tests of races: what continuous integration runs
# make soak    hours of random faults; nightly
# make bench   measure

GO ?= go
LISTEN ?= localhost:8080
DEMO_HOME ?= ./.licet
RACE_PACKAGES = ./internal/host ./internal/node ./internal/lookup ./internal/ledger
SOAK_TIME ?= 2h

.PHONY: build run check lint test soak bench

build:
	$(GO) build -o bin/licet ./cmd/licet

run: build
	./bin/licet up --demo --home $(DEMO_HOME) --listen $(LISTEN)

lint:
	@files=$$($(GO) tool gofumpt -l $$(git ls-files -- '*.go')); \
	if [ -n "$$files" ]; then echo "gofumpt would change:"; echo "$$files"; exit 1; fi
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

check: lint
	$(GO) test -short ./...

test: check
	$(GO) test ./...
	$(GO) test -short -race $(RACE_PACKAGES)

soak:
	LICET_SOAK=$(SOAK_TIME) $(GO) test -run Soak -timeout 24h -v ./...

bench:
	$(GO) test -run '^$$' -bench . -benchtime 1s ./strict ./tx ./proof ./internal/ledger/...

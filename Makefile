# The habits of working on herald. "make help" lists them.

STATICCHECK = go run honnef.co/go/tools/cmd/staticcheck@v0.8.2
FUZZTIME ?= 30s

KILLS ?= 1000
CRASHES ?= TestCrash
SEED ?= 0

.PHONY: help build test race lint fuzz golden screenshots bench crash example ci

help: ## list the habits
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

build: ## build ./herald, a static binary
	CGO_ENABLED=0 go build -trimpath -o herald .

test: ## run all tests
	go test ./...

race: ## run all tests under the race detector
	go test -race ./...

lint: ## format, vet, staticcheck, tidy go.mod
	@test -z "$$(gofmt -l .)" || { echo "not formatted:"; gofmt -l .; exit 1; }
	go vet ./...
	$(STATICCHECK) ./...
	go mod tidy -diff

fuzz: ## run every fuzz target for FUZZTIME each
	@for pkg in $$(go list ./...); do \
		for target in $$(go test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
			echo "$$pkg $$target"; go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$pkg || exit 1; \
		done; \
	done

golden: ## write the expected outputs anew; read the diff before you commit
	UPDATE_GOLDEN=1 go test -run Examples ./internal/cli
	UPDATE_GOLDEN=1 go test ./internal/cli

screenshots: ## take the pictures in docs/screenshots anew; needs chromium
	go test -count 1 -run TestScreenshots ./internal/cli -screenshots

bench: ## measure planning, sealing, reviewing, sending and the limiter; takes about three minutes
	go test -run '^$$' -bench . -benchmem -benchtime 1x -timeout 20m ./internal/cli

crash: ## kill runs KILLS times per provider and per watched sequence, and compare the ledger with what arrived
	go test -count 1 -timeout 3h -run '$(CRASHES)' -v ./internal/crash -kills $(KILLS) -seed $(SEED)

example: ## send the announcement to the sandbox
	go run . -chdir=examples/announcement apply -sandbox -auto-approve

ci: ## what CI runs
	bash .ci/run

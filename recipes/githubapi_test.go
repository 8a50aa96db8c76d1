package recipes

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

// githubAPI stands for the part of GitHub's API that the recipes call, as its reference describes it.
type githubAPI struct {
	url string

	mu        sync.Mutex
	comments  []map[string]any
	artifacts []artifact
	pulls     map[string]pull // by the merge's commit
	writes    []string        // method and path of every request that was not a GET
}

type artifact struct {
	id         int
	name, head string
	content    []byte
	expired    bool
}

type pull struct {
	number int
	head   string
}

const (
	botToken  = "token-of-the-job"
	readToken = "token-that-reads"
)

func newGitHubAPI(t *testing.T) *githubAPI {
	g := &githubAPI{pulls: map[string]pull{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /repos/o/launch_2/issues/7/comments", g.list)
	mux.HandleFunc("POST /repos/o/launch_2/issues/7/comments", g.create)
	mux.HandleFunc("PATCH /repos/o/launch_2/issues/comments/{id}", g.update)
	mux.HandleFunc("GET /repos/o/launch_2/commits/{sha}/pulls", g.pullsOf)
	mux.HandleFunc("GET /repos/o/launch_2/actions/artifacts", g.listArtifacts)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.mu.Lock()
		defer g.mu.Unlock()
		token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		if r.Method != http.MethodGet {
			g.writes = append(g.writes, r.Method+" "+r.URL.Path)
		}
		switch {
		case token != botToken && token != readToken:
			http.Error(w, `{"message":"Bad credentials"}`, http.StatusUnauthorized)
		case token == readToken && r.Method != http.MethodGet:
			http.Error(w, `{"message":"Resource not accessible by integration"}`, http.StatusForbidden)
		default:
			mux.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(s.Close)
	g.url = s.URL
	return g
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

// page gives what a list's page holds.
func page[T any](r *http.Request, all []T) []T {
	n, err := strconv.Atoi(r.URL.Query().Get("page"))
	if err != nil {
		n = 1
	}
	size, err := strconv.Atoi(r.URL.Query().Get("per_page"))
	if err != nil {
		size = 30
	}
	size = min(size, 100)
	from := min((n-1)*size, len(all))
	return append([]T{}, all[from:min(from+size, len(all))]...)
}

func (g *githubAPI) list(w http.ResponseWriter, r *http.Request) { answer(w, page(r, g.comments)) }

// says writes a comment as somebody.
func (g *githubAPI) says(login, kind, body string) {
	g.comments = append(g.comments, map[string]any{
		"id": len(g.comments) + 1, "body": body, "user": map[string]any{"login": login, "type": kind},
	})
}

func (g *githubAPI) create(w http.ResponseWriter, r *http.Request) {
	body, ok := commentBody(w, r)
	if !ok {
		return
	}
	g.says("github-actions[bot]", "Bot", body)
	w.WriteHeader(http.StatusCreated)
	answer(w, g.comments[len(g.comments)-1])
}

func (g *githubAPI) update(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.Atoi(r.PathValue("id"))
	if err != nil || id < 1 || id > len(g.comments) {
		http.NotFound(w, r)
		return
	}
	if body, ok := commentBody(w, r); ok {
		g.comments[id-1]["body"] = body
		answer(w, g.comments[id-1])
	}
}

func commentBody(w http.ResponseWriter, r *http.Request) (string, bool) {
	var in struct{ Body string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Body == "" || utf8.RuneCountInString(in.Body) > 65536 {
		http.Error(w, `{"message":"Validation Failed"}`, http.StatusUnprocessableEntity)
		return "", false
	}
	return in.Body, true
}

func (g *githubAPI) pullsOf(w http.ResponseWriter, r *http.Request) {
	list := []any{}
	sha := r.PathValue("sha")
	if p, ok := g.pulls[sha]; ok {
		list = append(list,
			map[string]any{"number": 3, "merged_at": nil, "merge_commit_sha": sha, "head": map[string]any{"sha": sha}},
			map[string]any{"number": p.number, "merged_at": "2026-11-22T10:00:00Z", "merge_commit_sha": sha, "head": map[string]any{"sha": p.head}})
	}
	answer(w, list)
}

func (g *githubAPI) listArtifacts(w http.ResponseWriter, r *http.Request) {
	list := []any{}
	for _, a := range g.artifacts {
		if a.name == r.URL.Query().Get("name") {
			list = append(list, map[string]any{"id": a.id, "name": a.name, "expired": a.expired, "workflow_run": map[string]any{"id": 100 + a.id, "head_sha": a.head}})
		}
	}
	answer(w, map[string]any{"total_count": len(list), "artifacts": list})
}

// upload keeps a file as an artifact of a run for a commit.
func (g *githubAPI) upload(t *testing.T, name, head, path string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("the artifact %s: %v", name, err)
	}
	g.artifacts = append(g.artifacts, artifact{id: len(g.artifacts) + 1, name: name, head: head, content: content})
}

// bots gives the bot's comments.
func (g *githubAPI) bots() []string {
	var out []string
	for _, c := range g.comments {
		if c["user"].(map[string]any)["login"] == "github-actions[bot]" {
			out = append(out, fmt.Sprint(c["body"]))
		}
	}
	return out
}

package recipes

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// gitlabAPI stands for the part of GitLab's API that the recipe calls, as its reference describes it.
type gitlabAPI struct {
	url string

	mu        sync.Mutex
	notes     []map[string]any
	artifacts map[string][]byte // by job
	merges    map[string]pull   // by the commit on main
	writes    []string
	leaked    string // what the object store, another host, got as a credential
}

const (
	projectToken = "token-of-the-project"
	botUser      = 42
)

func newGitLabAPI(t *testing.T) *gitlabAPI {
	g := &gitlabAPI{artifacts: map[string][]byte{}, merges: map[string]pull{}}
	objects := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.mu.Lock()
		defer g.mu.Unlock()
		for name, values := range r.Header {
			if strings.Contains(strings.Join(values, " "), projectToken) {
				g.leaked = name
			}
		}
		_, _ = w.Write(g.artifacts[strings.Trim(r.URL.Path, "/")])
	}))
	t.Cleanup(objects.Close)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /user", func(w http.ResponseWriter, _ *http.Request) { answer(w, map[string]any{"id": botUser}) })
	mux.HandleFunc("GET /projects/5/merge_requests/7/notes", func(w http.ResponseWriter, r *http.Request) { answer(w, page(r, g.notes)) })
	mux.HandleFunc("POST /projects/5/merge_requests/7/notes", func(w http.ResponseWriter, r *http.Request) {
		if body, ok := commentBody(w, r); ok {
			g.says(botUser, body)
			w.WriteHeader(http.StatusCreated)
			answer(w, g.notes[len(g.notes)-1])
		}
	})
	mux.HandleFunc("PUT /projects/5/merge_requests/7/notes/{id}", func(w http.ResponseWriter, r *http.Request) {
		id, _ := strconv.Atoi(r.PathValue("id"))
		if id < 1 || id > len(g.notes) || g.notes[id-1]["author"].(map[string]any)["id"] != botUser {
			http.Error(w, `{"message":"403 Forbidden"}`, http.StatusForbidden)
			return
		}
		if body, ok := commentBody(w, r); ok {
			g.notes[id-1]["body"] = body
		}
		answer(w, g.notes[id-1])
	})
	mux.HandleFunc("GET /projects/5/repository/commits/{sha}/merge_requests", func(w http.ResponseWriter, r *http.Request) {
		list := []any{}
		sha := r.PathValue("sha")
		if p, ok := g.merges[sha]; ok {
			list = append(list,
				map[string]any{"iid": 3, "state": "closed", "sha": sha, "merge_commit_sha": nil, "squash_commit_sha": nil},
				map[string]any{"iid": p.number, "state": "merged", "sha": p.head, "merge_commit_sha": sha, "squash_commit_sha": nil})
		}
		answer(w, list)
	})
	mux.HandleFunc("GET /projects/5/jobs/{id}/artifacts/sealed/herald.plan", func(w http.ResponseWriter, r *http.Request) {
		if g.artifacts[r.PathValue("id")] == nil {
			http.NotFound(w, r)
			return
		}
		http.Redirect(w, r, strings.Replace(objects.URL, "127.0.0.1", "localhost", 1)+"/"+r.PathValue("id"), http.StatusFound)
	})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+projectToken {
			http.Error(w, `{"message":"401 Unauthorized"}`, http.StatusUnauthorized)
			return
		}
		g.mu.Lock()
		defer g.mu.Unlock()
		if r.Method != http.MethodGet {
			g.writes = append(g.writes, r.Method+" "+r.URL.Path)
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	g.url = s.URL
	return g
}

// says writes a note as somebody.
func (g *gitlabAPI) says(author int, body string) {
	g.notes = append(g.notes, map[string]any{"id": len(g.notes) + 1, "body": body, "author": map[string]any{"id": author}})
}

// bots gives the bot's notes.
func (g *gitlabAPI) bots() []string {
	var out []string
	for _, n := range g.notes {
		if n["author"].(map[string]any)["id"] == botUser {
			out = append(out, fmt.Sprint(n["body"]))
		}
	}
	return out
}

func (g *gitlabAPI) keep(job int, path string) error {
	content, err := os.ReadFile(path)
	if err == nil {
		g.artifacts[strconv.Itoa(job)] = content
	}
	return err
}

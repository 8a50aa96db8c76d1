package live

import "net/http"

// guard lets nothing but this machine's own page have what is served. Whether a request came by a loopback name the sandbox
// has looked at already; here pages of other sites are kept out that name this server rightly.
func guard(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection() // requests that change something
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		if !own(r) {
			http.Error(w, "This is for the sandbox's own page only.", http.StatusForbidden)
			return
		}
		cross.Handler(next).ServeHTTP(w, r)
	})
}

// own reports whether a request is the page's own, or whose browser does not say, or somebody following a link to it.
// Browsers say from where a request comes in headers that no script can set.
func own(r *http.Request) bool {
	if origin := r.Header.Get("Origin"); origin != "" && origin != "http://"+r.Host {
		return false
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "none", "same-origin":
		return true
	}
	return r.URL.Path == "/" && r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
}

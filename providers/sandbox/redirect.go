package sandbox

import "net/http"

// redirected is the first part of the path to which FaultRedirect leads; a vendor's name follows it.
const redirected = "redirected"

// redirect is the answer that leads away.
func (v *vendor) redirect() reply {
	return reply{status: http.StatusTemporaryRedirect, contentType: "text/plain", location: "/" + redirected + "/" + v.Name}
}

// serveRedirected takes whatever comes to where a vendor's redirect leads, and counts it.
func (s *Sandbox) serveRedirected(w http.ResponseWriter, v *vendor) {
	v.mu.Lock()
	v.redirected++
	v.mu.Unlock()
	plainJSON(http.StatusOK, struct{}{}).write(w)
}

// Redirected gives how many requests followed FaultRedirect to where it leads; 0 for an unknown vendor. They are not
// among Requests.
func (s *Sandbox) Redirected(vendor string) int {
	v := s.vendor(vendor)
	if v == nil {
		return 0
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.redirected
}

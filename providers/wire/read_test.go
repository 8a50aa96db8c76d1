package wire

import (
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"herald/providers"
)

// A server that takes a request on a used connection and cuts it off gets it once: also a GET, which net/http would
// otherwise repeat by itself.
func TestReadIsOneRequest(t *testing.T) {
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		var requests atomic.Int32
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if len(r.TransferEncoding) > 0 || r.Method == http.MethodGet && r.ContentLength != 0 {
				t.Errorf("%s with a body: %v %d", r.Method, r.TransferEncoding, r.ContentLength)
			}
			if requests.Add(1) == 1 {
				return
			}
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			conn.(*net.TCPConn).SetLinger(0)
			conn.Close()
		}))
		c := open(t, providers.Values{"token": "t", "base_url": srv.URL})
		r := providers.Request{Method: method, Path: "/x?page=2"}
		if o := c.Read(t.Context(), r, accept); o.Class != providers.Accepted {
			t.Fatalf("%s: %+v", method, o)
		}
		o := c.Read(t.Context(), r, accept)
		srv.Close()
		if o.Class != providers.Unknown || requests.Load() != 2 {
			t.Errorf("%s: %+v after %d requests", method, o, requests.Load())
		}
	}
}

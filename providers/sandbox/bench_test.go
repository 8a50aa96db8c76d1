package sandbox

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// BenchmarkHandler is what one request costs without the network.
func BenchmarkHandler(b *testing.B) {
	for name, request := range map[string][2]string{HeyX: {heyxPath + "1", heyxHi}, Chatwoot: {chatwootPath, chatwootHi},
		Avaamo: {avaamoPath, avaamoHi}, Maax: {maaxPath, maaxHi}} {
		b.Run(name, func(b *testing.B) {
			s, err := build(Options{NoLimits: true, Forget: true})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if w := s.do(name, "POST", request[0], request[1]); w.Code != 200 {
					b.Fatal(w.Code, w.Body)
				}
			}
		})
	}
}

// BenchmarkLoopback is what one request costs over the network, client included, 64 in flight.
func BenchmarkLoopback(b *testing.B) {
	s := started(b, Options{NoLimits: true, Forget: true})
	v := s.Vendors()[0]
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	defer client.CloseIdleConnections()
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r, _ := http.NewRequest("POST", v.URL+heyxPath+"1", strings.NewReader(heyxHi))
			r.Header.Set("Authorization", "Bearer "+v.Token)
			r.Header.Set("Content-Type", "application/json")
			answer, err := client.Do(r)
			if err != nil {
				b.Error(err)
				return
			}
			io.Copy(io.Discard, answer.Body)
			answer.Body.Close()
		}
	})
}

package sealed_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"

	"herald/internal/sealed"
)

func Example() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "friday.plan")

	w, err := sealed.Create(path)
	if err != nil {
		log.Fatal(err)
	}
	defer w.Abort()
	lane, err := w.Entry("steps/heyx.jsonl")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Fprintln(lane, `{"address":"renewal.offer[\"c1\"]"}`)
	digest, err := w.Seal()
	if err != nil {
		log.Fatal(err)
	}

	f, err := sealed.Open(context.Background(), path, sealed.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	fmt.Println(f.Digest == digest, f.Entries())
	r, err := f.Open("steps/heyx.jsonl")
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	_, err = io.Copy(os.Stdout, r)
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// true [{steps/heyx.jsonl 36}]
	// {"address":"renewal.offer[\"c1\"]"}
}

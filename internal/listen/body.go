package listen

import (
	"errors"
	"io"
	"net/http"
	"sync/atomic"
)

// firstPiece is how much is read of a body before more memory is taken for it.
const firstPiece = 4 << 10

// held counts the memory that bodies take, all together.
type held struct {
	now atomic.Int64
	max int64
}

// take takes memory, or none where there is not so much left.
func (h *held) take(n int64) bool {
	if h.now.Add(n) > h.max {
		h.now.Add(-n)
		return false
	}
	return true
}

func (h *held) give(n int64) { h.now.Add(-n) }

var (
	errTooLarge = errors.New("the body is too large")
	errBusy     = errors.New("too many bodies are in memory")
)

// read reads a body whole. Memory is taken as bytes come, so that who promises much and sends little takes little. The
// caller gives back what was taken, error or not.
func (h *held) read(r *http.Request, most int64) (body []byte, taken int64, err error) {
	if r.ContentLength > most {
		return nil, 0, errTooLarge
	}
	grow := func(to int64) bool {
		if !h.take(to - taken) {
			return false
		}
		taken = to
		larger := make([]byte, len(body), to)
		copy(larger, body)
		body = larger
		return true
	}
	// One byte more than it may have tells whether it has more, and one more than it says, that it is over.
	end := most + 1
	if r.ContentLength >= 0 {
		end = r.ContentLength + 1
	}
	if !grow(min(firstPiece, end)) {
		return nil, taken, errBusy
	}
	for {
		if len(body) == cap(body) && !grow(min(2*int64(cap(body)), end)) {
			return body, taken, errBusy
		}
		n, err := r.Body.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		switch {
		case int64(len(body)) > most:
			return body, taken, errTooLarge
		case err == io.EOF:
			return body, taken, nil
		case err != nil:
			return body, taken, err
		}
	}
}

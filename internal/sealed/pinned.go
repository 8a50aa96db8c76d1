package sealed

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
)

// blockSize is how much is read and compared at once; age encrypts in pieces of this size.
const blockSize = 64 << 10

// errMoved is that the file is no longer what was verified.
var errMoved = errors.New("the file changed while it was read; nothing of it can be trusted, " + anew)

// pinned is a file whose every byte was read once, and gives no byte that differs from what it was then.
type pinned struct {
	in   io.ReaderAt
	size int64
	sums [][sha256.Size]byte // of each block
}

// pin reads all. The digest is of what follows the line.
func pin(ctx context.Context, in io.ReaderAt, size int64) (p *pinned, digest string, err error) {
	p = &pinned{in: in, size: size}
	whole := sha256.New()
	buf := make([]byte, min(blockSize, size))
	skip := lineSize
	for at := int64(0); at < size; at += blockSize {
		if err := ctx.Err(); err != nil {
			return nil, "", err
		}
		block, err := p.read(at/blockSize, buf)
		if err != nil {
			return nil, "", err
		}
		p.sums = append(p.sums, sha256.Sum256(block))
		rest := block[min(skip, int64(len(block))):]
		skip = 0
		whole.Write(rest)
	}
	return p, hex.EncodeToString(whole.Sum(nil)), nil
}

// read fills buf with a block, whatever is in it.
func (p *pinned) read(i int64, buf []byte) ([]byte, error) {
	buf = buf[:min(blockSize, p.size-i*blockSize)]
	n, err := p.in.ReadAt(buf, i*blockSize)
	switch {
	case n == len(buf):
		return buf, nil
	case err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return nil, errMoved
	}
	return nil, fmt.Errorf("it cannot be read: %w", err)
}

// block is read, and verified again.
func (p *pinned) block(i int64, buf []byte) ([]byte, error) {
	block, err := p.read(i, buf)
	if err != nil {
		return nil, err
	}
	if sha256.Sum256(block) != p.sums[i] {
		return nil, errMoved
	}
	return block, nil
}

// cursor reads from a place to an end, for one goroutine; it holds one block.
type cursor struct {
	p       *pinned
	at, end int64
	buf     []byte
	block   []byte // verified
	number  int64  // of block
}

func (p *pinned) cursor(at, end int64) *cursor {
	return &cursor{p: p, at: at, end: end, buf: make([]byte, min(blockSize, p.size))}
}

// some gives what of the block is at hand, at least a byte before the end.
func (c *cursor) some() ([]byte, error) {
	if c.at >= c.end {
		return nil, io.EOF
	}
	if i := c.at / blockSize; c.block == nil || c.number != i {
		block, err := c.p.block(i, c.buf)
		if err != nil {
			c.block = nil
			return nil, err
		}
		c.block, c.number = block, i
	}
	begin := c.number * blockSize
	return c.block[c.at-begin : min(int64(len(c.block)), c.end-begin)], nil
}

func (c *cursor) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	have, err := c.some()
	n := copy(p, have)
	c.at += int64(n)
	return n, err
}

// ReadByte is there so that flate takes no byte more than it needs.
func (c *cursor) ReadByte() (byte, error) {
	have, err := c.some()
	if err != nil {
		return 0, err
	}
	c.at++
	return have[0], nil
}

// bytes reads n bytes at a place before the end.
func (c *cursor) bytes(at int64, n int) ([]byte, error) {
	if at < 0 || n < 0 || at > c.end || int64(n) > c.end-at {
		return nil, io.ErrUnexpectedEOF
	}
	c.at = at
	b := make([]byte, n)
	_, err := io.ReadFull(c, b)
	return b, err
}

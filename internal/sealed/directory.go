package sealed

import (
	"bytes"
	"context"
	"fmt"
)

// maxRatio is how much deflate can gain at most: 258 bytes in two bits, and less with its tables.
const maxRatio = 1032

// foreign says that the digest is right and the zip is none of ours.
func foreign(format string, args ...any) error {
	return fmt.Errorf("herald did not write it so: %s; its digest is right, so something packed it again or forged it: %s",
		fmt.Sprintf(format, args...), anew)
}

// directory reads what entries there are. It takes apart only what differs between entries, writes them anew as Writer
// does, and compares: so every byte of the file that is no content is checked, and there is no other way to write them.
func directory(ctx context.Context, p *pinned, limits Limits) ([]record, error) {
	c := p.cursor(0, p.size)
	last, entries, err := readEnd(c, limits)
	if err != nil {
		return nil, err
	}
	begin := lineSize + int64(last.offset)
	table, err := c.bytes(begin, int(last.size))
	if err != nil {
		return nil, err
	}
	records := make([]record, 0, entries)
	seen := names{}
	for range entries {
		r, ok := parseCentral(table)
		if !ok || !bytes.HasPrefix(table, r.central()) {
			return nil, foreign("record %d of its directory is not as it should be", len(records)+1)
		}
		table = table[len(r.central()):]
		if err := seen.add(r.name); err != nil {
			return nil, foreign("%v", err)
		}
		records = append(records, r)
	}
	if len(table) != 0 {
		return nil, foreign("its directory has more than its entries")
	}
	if err := sizes(records, limits); err != nil {
		return nil, err
	}
	return records, layout(ctx, c, records, int64(last.offset))
}

// readEnd reads the last part and believes none of its numbers before they fit.
func readEnd(c *cursor, limits Limits) (end, int, error) {
	size := c.end - lineSize
	if size < endSize {
		return end{}, 0, foreign("it has %d bytes after its line, too few for a zip", size)
	}
	b, err := c.bytes(c.end-endSize, endSize)
	if err != nil {
		return end{}, 0, err
	}
	last := parseEnd(b)
	if !bytes.Equal(b, last.bytes()) || int64(last.offset)+int64(last.size)+endSize != size {
		return end{}, 0, foreign("its end is not as it should be")
	}
	entries := int(last.entries)
	if err := limits.checkEntries(entries); err != nil {
		return end{}, 0, err
	}
	if int64(last.size) > int64(entries)*(centralSize+maxName) {
		return end{}, 0, foreign("its directory is too large for %d entries", entries)
	}
	return last, entries, nil
}

// sizes holds what the entries say of their sizes against the limits, and against what is possible.
func sizes(records []record, limits Limits) error {
	total := int64(0)
	for _, r := range records {
		total += int64(r.size)
		if err := limits.checkSizes(quote(r.name), int64(r.size), total); err != nil {
			return err
		}
		if int64(r.size) > maxRatio*int64(r.packed) {
			return foreign("the entry %s says that %d bytes become %d, which is not possible", quote(r.name), r.packed, r.size)
		}
	}
	return nil
}

// layout checks that the entries stand one behind the other, from the beginning to the directory, each between its two
// headers.
func layout(ctx context.Context, c *cursor, records []record, directory int64) error {
	at := int64(0)
	for _, r := range records {
		if err := ctx.Err(); err != nil {
			return err
		}
		if int64(r.offset) != at || r.next() > directory {
			return foreign("the entry %s does not follow the one before it", quote(r.name))
		}
		at = r.next()
		for _, header := range []struct {
			at   int64
			want []byte
		}{{int64(r.offset), r.local()}, {at - descriptorSize, r.descriptor()}} {
			is, err := c.bytes(lineSize+header.at, len(header.want))
			if err != nil {
				return err
			}
			if !bytes.Equal(is, header.want) {
				return foreign("the entry %s says one thing of itself and the directory another", quote(r.name))
			}
		}
	}
	if at != directory {
		return foreign("there is something between its last entry and its directory")
	}
	return nil
}

package sealed

import (
	"cmp"
	"fmt"
	"math"

	"github.com/dustin/go-humanize"
)

// Limits bound what is read, whatever a file says of itself. What is zero has its default, which is also what Writer keeps.
type Limits struct {
	Entries int   // how many; default 1000
	Entry   int64 // bytes of one entry; default 4 GiB less a byte
	Total   int64 // bytes of all entries; default 4 GiB less a byte
}

// maxSize is the most that a zip without zip64 can tell.
const maxSize = math.MaxUint32

const maxEntries = 1000

func (l Limits) orDefaults() Limits {
	return Limits{Entries: cmp.Or(l.Entries, maxEntries), Entry: cmp.Or(l.Entry, maxSize), Total: cmp.Or(l.Total, maxSize)}
}

// zip gives the most bytes that a zip may have whose entries keep the limits: what cannot be deflated grows by 5 bytes in
// 65,535, and headers are added.
func (l Limits) zip() int64 {
	const perEntry = 2*(maxName+centralSize) + descriptorSize
	return min(l.Total, maxSize) + l.Total>>10 + int64(l.Entries)*perEntry + endSize
}

const smaller = "plan fewer sends at once, with -limit or -target"

func (l Limits) checkEntries(n int) error {
	if n > l.Entries {
		return fmt.Errorf("it has %s entries, and %s are the most", humanize.Comma(int64(n)), humanize.Comma(int64(l.Entries)))
	}
	return nil
}

// checkSizes takes the size of one entry and of all up to it.
func (l Limits) checkSizes(name string, entry, total int64) error {
	switch {
	case entry > l.Entry:
		return fmt.Errorf("its entry %s is larger than %s bytes, the most; %s", name, humanize.Comma(l.Entry), smaller)
	case total > l.Total:
		return fmt.Errorf("its entries are together larger than %s bytes, the most; %s", humanize.Comma(l.Total), smaller)
	}
	return nil
}

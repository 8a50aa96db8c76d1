package sealed

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"testing"
	"time"
)

// A forger knows the format and makes every digest fit. forgery is a zip taken apart, so that a test can change one thing.
type forgery struct {
	entries []forged
	last    end    // is added to what is right
	final   []byte // in place of last
	gap     string // before the directory
	tail    string // behind the end
}

type forged struct {
	local, data, descriptor, central []byte
}

func forge(parts ...part) *forgery {
	f := &forgery{}
	at := 0
	for _, p := range parts {
		data := deflated(p.content)
		f.add(record{name: p.name, sum: crc32.ChecksumIEEE([]byte(p.content)), packed: uint32(len(data)),
			size: uint32(len(p.content)), offset: uint32(at)}, data)
		at += localSize + len(p.name) + len(data) + descriptorSize
	}
	return f
}

func (f *forgery) add(r record, data []byte) {
	f.entries = append(f.entries, forged{r.local(), data, r.descriptor(), r.central()})
	f.last.entries++
}

func (f *forgery) zip() []byte {
	var b, table []byte
	for _, e := range f.entries {
		b = append(append(append(b, e.local...), e.data...), e.descriptor...)
		table = append(table, e.central...)
	}
	b = append(b, f.gap...)
	f.last.offset += uint32(len(b))
	f.last.size += uint32(len(table))
	final := f.final
	if final == nil {
		final = f.last.bytes()
	}
	return append(append(append(b, table...), final...), f.tail...)
}

func (f *forgery) seal() []byte { return lined(f.zip()) }

func deflated(content string) []byte {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, level)
	if err != nil {
		panic(err)
	}
	_, _ = io.WriteString(w, content)
	_ = w.Close()
	return b.Bytes()
}

// The forger's own zip must be right, or what follows proves nothing.
func TestForgeryWithoutChangeIsRead(t *testing.T) {
	path, _ := putNew(t, small)
	if !bytes.Equal(forge(small...).seal(), read(t, path)) {
		t.Fatal("the forger writes other bytes than Writer")
	}
}

func TestForgeriesAreRefused(t *testing.T) {
	long := part{"steps/heyx.jsonl", strings.Repeat("0123456789", 1000)}
	set16 := order.PutUint16
	set32 := order.PutUint32
	for name, tt := range map[string]struct {
		change func(f *forgery)
		want   string
	}{
		"stored instead of deflated": {func(f *forgery) {
			set16(f.entries[0].local[8:], 0)
			set16(f.entries[0].central[10:], 0)
		}, "record 1"},
		"method unknown": {func(f *forgery) {
			set16(f.entries[0].local[8:], 93)
			set16(f.entries[0].central[10:], 93)
		}, "record 1"},
		"methods differ":   {func(f *forgery) { set16(f.entries[0].local[8:], 0) }, "one thing of itself"},
		"encrypted":        {func(f *forgery) { f.entries[0].central[8] |= 1; f.entries[0].local[6] |= 1 }, "record 1"},
		"encrypted within": {func(f *forgery) { f.entries[0].local[6] |= 1 }, "one thing of itself"},
		"strong encrypted": {func(f *forgery) { f.entries[0].central[8] |= 1 << 6 }, "record 1"},
		"no descriptor": {func(f *forgery) {
			e := &f.entries[0]
			e.central[8] &^= 1 << 3
			e.local[6] &^= 1 << 3
			copy(e.local[14:], e.descriptor[4:])
			e.descriptor = nil
		}, "record 1"},
		"descriptor lies of the sum":   {func(f *forgery) { f.entries[0].descriptor[4]++ }, "one thing of itself"},
		"descriptor lies of the size":  {func(f *forgery) { f.entries[0].descriptor[12]++ }, "one thing of itself"},
		"descriptor lies of its bytes": {func(f *forgery) { f.entries[0].descriptor[8]++ }, "one thing of itself"},
		"descriptor without its mark":  {func(f *forgery) { f.entries[0].descriptor = f.entries[0].descriptor[4:] }, "one thing of itself"},
		"descriptor of zip64": {func(f *forgery) {
			f.entries[0].descriptor = append(f.entries[0].descriptor, make([]byte, 8)...)
		}, "one thing of itself"},
		"local name differs":   {func(f *forgery) { f.entries[0].local[localSize] ^= 2 }, "one thing of itself"},
		"local sizes are told": {func(f *forgery) { f.entries[0].local[18] = 1 }, "one thing of itself"},
		"time":                 {func(f *forgery) { f.entries[0].central[12] = 1 }, "record 1"},
		"date":                 {func(f *forgery) { f.entries[0].central[14]++ }, "record 1"},
		"made by Unix":         {func(f *forgery) { f.entries[0].central[5] = 3 }, "record 1"},
		"symbolic link": {func(f *forgery) {
			f.entries[0].central[5] = 3
			set32(f.entries[0].central[38:], 0o120777<<16)
		}, "record 1"},
		"folder mode":  {func(f *forgery) { f.entries[0].central[38] = 0x10 }, "record 1"},
		"another disk": {func(f *forgery) { f.entries[0].central[34] = 1 }, "record 1"},
		"needs more":   {func(f *forgery) { f.entries[0].central[6] = 45 }, "record 1"},
		"no such mark": {func(f *forgery) { f.entries[0].central[0]++ }, "record 1"},
		"entry comment": {func(f *forgery) {
			f.entries[0].central[32] = 2
			f.entries[0].central = append(f.entries[0].central, "hi"...)
		}, "record 1"},
		"extra field in the directory": {func(f *forgery) {
			f.entries[0].central[30] = 4
			f.entries[0].central = append(f.entries[0].central, 1, 0, 0, 0)
		}, "record 1"},
		"extra field before the data": {func(f *forgery) {
			f.entries[0].local[28] = 4
			f.entries[0].local = append(f.entries[0].local, 1, 0, 0, 0)
		}, "one thing of itself"},
		"name too long for its record": {func(f *forgery) { f.entries[2].central[28] = 255 }, "record 3"},
		"name of 65535 bytes":          {func(f *forgery) { set16(f.entries[0].central[28:], 65535) }, "record 1"},
		"zip64 size": {func(f *forgery) {
			e := &f.entries[0]
			set32(e.central[20:], 0xffffffff)
			set32(e.central[24:], 0xffffffff)
			e.central[30] = 20
			e.central = append(e.central, append([]byte{1, 0, 16, 0}, make([]byte, 16)...)...)
		}, "record 1"},
		"zip64 end": {func(f *forgery) {
			f.gap = "PK\x06\x06" + strings.Repeat("\x00", 52) + "PK\x06\x07" + strings.Repeat("\x00", 16)
		}, "between"},
		"zip64 end behind the directory": {func(f *forgery) {
			f.entries[2].central = append(f.entries[2].central, "PK\x06\x07"+strings.Repeat("\x00", 16)...)
		}, "more than its entries"},
		"zip64 numbers at the end":  {func(f *forgery) { f.final = end{0xffff, 0xffffffff, 0xffffffff}.bytes() }, "its end"},
		"comment":                   {func(f *forgery) { f.tail = "hello" }, "its end"},
		"bytes behind":              {func(f *forgery) { f.tail = "\x00" }, "its end"},
		"another zip behind":        {func(f *forgery) { f.tail = string(forge(small...).zip()) }, "its end"},
		"bytes between":             {func(f *forgery) { f.gap = "hidden" }, "between"},
		"entry of no record":        {func(f *forgery) { f.gap = string(forge(part{"hidden.json", "x"}).zip()[:60]) }, "between"},
		"fewer than said":           {func(f *forgery) { f.last.entries++ }, "record 4"},
		"more than said":            {func(f *forgery) { f.last.entries-- }, "more than its entries"},
		"none and a large table":    {func(f *forgery) { f.last.entries = 0 }, "too large"},
		"directory elsewhere":       {func(f *forgery) { f.last.offset++ }, "its end"},
		"directory shorter":         {func(f *forgery) { f.last.size--; f.last.offset++ }, ""},
		"record twice":              {func(f *forgery) { f.entries[1].central = f.entries[0].central }, "twice"},
		"records swapped":           {func(f *forgery) { e := f.entries; e[0].central, e[1].central = e[1].central, e[0].central }, "follow"},
		"bytes before the first":    {func(f *forgery) { f.entries[0].local = append([]byte("before"), f.entries[0].local...) }, ""},
		"entry lies far away":       {func(f *forgery) { set32(f.entries[1].central[42:], 0xfffffff0) }, "follow"},
		"packed size far too large": {func(f *forgery) { set32(f.entries[0].central[20:], 0xfffffff0) }, "follow"},
		"size not possible":         {func(f *forgery) { set32(f.entries[0].central[24:], 1<<30) }, "not possible"},
		"no content for a size":     {func(f *forgery) { set32(f.entries[0].central[20:], 0) }, "not possible"},
	} {
		t.Run(name, func(t *testing.T) {
			f := forge(small...)
			tt.change(f)
			_, err := Open(context.Background(), file(t, f.seal()), Options{})
			refused(t, err, tt.want, "herald")
		})
	}

	// These can be told only when the content is read.
	for name, change := range map[string]func(r *record, data *[]byte){
		"one byte less than there is": func(r *record, _ *[]byte) { r.size-- },
		"one byte more than there is": func(r *record, _ *[]byte) { r.size++ },
		"none of what there is":       func(r *record, _ *[]byte) { r.size = 0 },
		"another sum":                 func(r *record, _ *[]byte) { r.sum++ },
		"bytes behind its content":    func(r *record, data *[]byte) { *data = append(*data, 0); r.packed++ },
		"content cut short":           func(r *record, data *[]byte) { r.packed--; *data = (*data)[:r.packed] },
		"two contents":                func(r *record, data *[]byte) { *data = append(*data, *data...); r.packed *= 2; r.size *= 2 },
		"no deflate":                  func(r *record, data *[]byte) { (*data)[0] = 0xff },
	} {
		t.Run(name, func(t *testing.T) {
			data := deflated(long.content)
			r := record{name: long.name, sum: crc32.ChecksumIEEE([]byte(long.content)), packed: uint32(len(data)), size: uint32(len(long.content))}
			change(&r, &data)
			f := &forgery{}
			f.add(r, data)
			opened, err := Open(context.Background(), file(t, f.seal()), Options{})
			must(t, err)
			defer opened.Close()
			got, err := takeOne(opened, long.name)
			refused(t, err, "a.plan: ", long.name)
			if len(got) > int(r.size) {
				t.Errorf("%d bytes were given, and it says %d", len(got), r.size)
			}
		})
	}
}

// Zips of other tools are never taken, whatever they hold.
func TestOtherToolsZipsAreRefused(t *testing.T) {
	for name, header := range map[string]zip.FileHeader{
		"as Go writes it": {Name: "plan.json", Method: zip.Deflate},
		"stored":          {Name: "plan.json", Method: zip.Store},
		"dated":           {Name: "plan.json", Method: zip.Deflate, Modified: time.Unix(1e9, 0)},
		"folder":          {Name: "steps/"},
		"out of it":       {Name: "../plan.json", Method: zip.Deflate},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			w := zip.NewWriter(&b)
			e, err := w.CreateHeader(&header)
			must(t, err)
			_, _ = e.Write([]byte("{}"))
			must(t, w.Close())
			_, err = Open(context.Background(), file(t, lined(b.Bytes())), Options{})
			refused(t, err, "herald did not write it so")
		})
	}
}

// A bomb is declared honestly or not. What is declared is held against the limits; what is not is never given.
func TestBombs(t *testing.T) {
	zeros := strings.Repeat("\x00", 8<<20)
	limits := func(entries int, entry, total int64) Options {
		return Options{Limits: Limits{Entries: entries, Entry: entry, Total: total}}
	}
	bomb, _ := putNew(t, []part{{"a.json", zeros}, {"b.json", zeros}})
	_, err := Open(context.Background(), bomb, limits(0, 1<<20, 0))
	refused(t, err, `"a.json" is larger than 1,048,576 bytes`)
	_, err = Open(context.Background(), bomb, limits(0, 0, 12<<20))
	refused(t, err, "together larger than 12,582,912 bytes")
	_, err = Open(context.Background(), bomb, limits(1, 0, 0))
	refused(t, err, "2 entries, and 1 are the most")

	// 4 GiB less a byte in each of two entries, of which there is nothing.
	var huge forgery
	data := deflated(zeros)
	for _, name := range []string{"a.json", "b.json"} {
		at := uint32(0)
		if len(huge.entries) > 0 {
			at = uint32(localSize + len(name) + len(data) + descriptorSize)
		}
		huge.add(record{name: name, packed: uint32(len(data)), size: maxSize, offset: at}, data)
	}
	_, err = Open(context.Background(), file(t, huge.seal()), Options{})
	refused(t, err, "not possible")

	// Several records for one content, each of which could be read on its own: 1000 times 8 MiB.
	overlap := forge(part{"a.json", zeros})
	one, _ := parseCentral(overlap.entries[0].central)
	for i := range 999 {
		r := one
		r.name = fmt.Sprintf("a%d.json", i)
		overlap.entries[0].central = append(overlap.entries[0].central, r.central()...)
		overlap.last.entries++
	}
	_, err = Open(context.Background(), file(t, overlap.seal()), limits(0, 0, maxSize))
	refused(t, err, "larger than")
	overlap.last = end{entries: overlap.last.entries}
	_, err = Open(context.Background(), file(t, overlap.seal()), limits(0, 0, 1<<40))
	refused(t, err, "does not follow")

	// A zip within is content, and stays packed.
	inner := string(read(t, bomb))
	outer, _ := putNew(t, []part{{"inner.json", inner}})
	got, _, err := take(outer, limits(1, int64(len(inner)), 0))
	must(t, err)
	if got[0].content != inner {
		t.Error("the zip within was changed")
	}
}

func TestTooManyEntries(t *testing.T) {
	var parts []part
	for i := range maxEntries + 1 {
		parts = append(parts, part{fmt.Sprintf("steps/a%d.jsonl", i), ""})
	}
	path, _ := putNew(t, parts[:maxEntries])
	if got, _, err := take(path, Options{}); err != nil || len(got) != maxEntries {
		t.Errorf("%d entries, %v", len(got), err)
	}
	_, err := Open(context.Background(), file(t, forge(parts...).seal()), Options{})
	refused(t, err, "1,001 entries, and 1,000 are the most")
	w, err := Create(path)
	must(t, err)
	defer w.Abort()
	for i, p := range parts {
		if _, err = w.Entry(p.name); err != nil && i < maxEntries {
			t.Fatal(err)
		}
	}
	refused(t, err, "1,001 entries")

	// 65,535 are said and 4 MiB of directory: none of them is looked at.
	many := &forgery{last: end{entries: 65535}, gap: noise(4 << 20)}
	_, err = Open(context.Background(), file(t, many.seal()), Options{})
	refused(t, err, "65,535 entries")
}

// A file far larger than its limits is not even read.
func TestHugeFileIsNotRead(t *testing.T) {
	path, _ := putNew(t, []part{{"a.json", noise(2 << 20)}})
	_, err := Open(context.Background(), path, Options{Limits: Limits{Entries: 1, Total: 1 << 20}})
	refused(t, err, "bytes, and", "are the most")
}

package sealed

import (
	"bytes"
	"context"
	"os"
	"reflect"
	"testing"
)

func TestEveryPrefixIsRefused(t *testing.T) {
	path, _ := putNew(t, small)
	everyPrefix(t, read(t, path), Options{})
}

func TestEveryByteCounts(t *testing.T) {
	path, _ := putNew(t, small)
	everyByte(t, read(t, path), Options{})
}

func everyPrefix(t *testing.T, whole []byte, o Options) {
	t.Helper()
	for n := range whole {
		if _, err := takeBytes(whole[:n], o); err == nil {
			t.Errorf("the first %d bytes of %d are taken for a plan", n, len(whole))
		}
	}
}

func everyByte(t *testing.T, whole []byte, o Options) {
	t.Helper()
	for i := range whole {
		for _, bit := range []byte{1, 0x20, 0x80} {
			flipped := bytes.Clone(whole)
			flipped[i] ^= bit
			if _, err := takeBytes(flipped, o); err == nil {
				t.Errorf("byte %d with bit %#x the other way is not noticed", i, bit)
			}
		}
	}
}

func TestCutShortSaysWhatToDo(t *testing.T) {
	path, digest := putNew(t, small)
	whole := read(t, path)
	for _, content := range [][]byte{whole[:len(whole)-1], append(bytes.Clone(whole), 0), append(bytes.Clone(whole), whole...)} {
		_, _, err := take(file(t, content), Options{})
		refused(t, err, "a.plan: ", "cut short or was changed", "its digest is ", "the line says "+digest, "herald plan -out=")
	}
}

// Even with a digest that was made to fit, each byte that is no content has one value only. What may differ is a bit of the
// content that means nothing to deflate.
func TestEveryByteOfTheZipCountsWithAForgedDigest(t *testing.T) {
	path, _ := putNew(t, small)
	zip := read(t, path)[lineSize:]
	for n := range zip {
		if _, err := takeBytes(lined(zip[:n]), Options{}); err == nil {
			t.Errorf("a zip of the first %d bytes is accepted", n)
		}
	}
	accepted := 0
	for i := range zip {
		for bit := range 8 {
			forged := bytes.Clone(zip)
			forged[i] ^= 1 << bit
			if parts, err := takeBytes(lined(forged), Options{}); err == nil && !reflect.DeepEqual(parts, small) {
				t.Errorf("byte %d, bit %d: it is accepted with other content", i, bit)
			} else if err == nil {
				accepted++
			}
		}
	}
	if most := len(small) * 8; accepted > most {
		t.Errorf("%d bits mean nothing, and %d at most can", accepted, most)
	}
}

func TestWriteDuringReadIsNoticed(t *testing.T) {
	long := []part{{"steps/heyx.jsonl", noise(1 << 20)}}
	key := newKey(t)
	for _, recipients := range [][]string{nil, {key.Recipient().String()}} {
		path, _ := putNew(t, long, recipients...)
		f, err := Open(context.Background(), path, Options{Identity: key.String()})
		must(t, err)
		defer f.Close()
		other, err := os.OpenFile(path, os.O_WRONLY, 0)
		must(t, err)
		defer other.Close()
		_, err = other.WriteAt([]byte("changed"), 600_000)
		must(t, err)
		_, err = takeOne(f, long[0].name)
		refused(t, err, "changed", "herald plan -out=")
		must(t, other.Truncate(300_000))
		_, err = takeOne(f, long[0].name)
		refused(t, err, "changed", "herald plan -out=")
	}
}

// Whoever swaps the file between check and use has no say in what is used.
func TestSwapIsNotSeen(t *testing.T) {
	path, digest := putNew(t, small)
	f, err := Open(context.Background(), path, Options{})
	must(t, err)
	defer f.Close()
	if put(t, path, []part{{small[0].name, "other"}}) == digest {
		t.Fatal("both have one digest")
	}
	got, err := takeOne(f, small[0].name)
	must(t, err)
	if got != small[0].content {
		t.Errorf("read %q", got)
	}
}

func TestOpenEnds(t *testing.T) {
	path, _ := putNew(t, small)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Open(ctx, path, Options{})
	refused(t, err, context.Canceled.Error())
}

// noise does not deflate.
func noise(n int) string {
	b := make([]byte, n)
	x := uint64(88172645463325252)
	for i := range b {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		b[i] = byte(x)
	}
	return string(b)
}

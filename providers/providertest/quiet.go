package providertest

import (
	"log"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
)

// listen watches everything that a process may write to without being given it: the loggers of log and slog, standard
// output and standard error. What it gives back tells what was written since it was asked before.
func listen(t *testing.T) func(*testing.T) string {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(t.TempDir(), "heard"), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	stdout, stderr, logger, writer, flags := os.Stdout, os.Stderr, slog.Default(), log.Writer(), log.Flags()
	t.Cleanup(func() {
		os.Stdout, os.Stderr = stdout, stderr
		slog.SetDefault(logger)
		log.SetOutput(writer)
		log.SetFlags(flags)
		f.Close()
	})
	os.Stdout, os.Stderr = f, f
	slog.SetDefault(slog.New(slog.NewTextHandler(f, &slog.HandlerOptions{Level: slog.LevelDebug})))
	log.SetOutput(f)

	var read int64
	return func(t *testing.T) string {
		t.Helper()
		info, err := f.Stat()
		if err != nil {
			t.Fatal(err)
		}
		text := make([]byte, info.Size()-read)
		if _, err := f.ReadAt(text, read); err != nil && len(text) > 0 {
			t.Fatal(err)
		}
		read = info.Size()
		return string(text)
	}
}

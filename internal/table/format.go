package table

import (
	"path/filepath"
	"strings"
)

// Format is how a file holds its rows.
type Format string

// The formats, named as their files' endings.
const (
	CSV   Format = "csv"
	TSV   Format = "tsv"
	JSONL Format = "jsonl"
)

// FormatOf tells a file's format by the ending of its name, in any case.
func FormatOf(path string) (Format, bool) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv":
		return CSV, true
	case ".tsv":
		return TSV, true
	case ".jsonl":
		return JSONL, true
	}
	return "", false
}

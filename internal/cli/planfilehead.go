package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"herald/internal/sealed"
	"herald/planner"
)

// readHead reads what is held whole.
func (p *savedPlan) readHead(f *sealed.File) error {
	text, err := readSaved(f)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	unread := dec.Decode(&p.Saved)
	if _, err := dec.Token(); unread == nil && err != io.EOF {
		unread = errors.New("something follows it")
	}
	if unread == nil && p.FormatVersion == planner.SavedVersion {
		return nil
	}
	var version struct { // whatever else there is
		FormatVersion int    `json:"format_version"`
		Herald        string `json:"herald"`
	}
	if err := json.Unmarshal(text, &version); err != nil {
		return unlike("its %s cannot be read: %v", savedName, err)
	}
	switch {
	case version.FormatVersion <= 0:
		return unlike("its %s has no format_version", savedName)
	case version.FormatVersion != planner.SavedVersion:
		return fmt.Errorf("herald %s wrote it in format %d, and this herald %s reads format %d; apply it with the herald that planned it",
			short(version.Herald, 80), version.FormatVersion, Version, planner.SavedVersion)
	}
	return unlike("its %s cannot be read (herald %s wrote it, this is %s): %v", savedName, version.Herald, Version, unread)
}

// readSaved gives the text of what is held whole.
func readSaved(f *sealed.File) ([]byte, error) {
	var size int64
	for _, e := range f.Entries() {
		if e.Name == savedName {
			size = e.Size
		}
	}
	if err := bounded(size, nil); err != nil {
		return nil, err
	}
	in, err := f.Open(savedName)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	text := bytes.NewBuffer(make([]byte, 0, size+bytes.MinRead)) // so that it does not grow
	if _, err := text.ReadFrom(in); err != nil {
		return nil, err
	}
	return text.Bytes(), bounded(size, text.Bytes())
}

package table

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"

	"herald/internal/addr"
)

// fields reads CSV and TSV.
type fields struct {
	file  string
	names []string
	csv   *csv.Reader
	in    *watch
	done  bool
}

func newFields(in *bufio.Reader, file string, format Format) (*fields, error) {
	f := &fields{file: file, in: &watch{in: in, line: 1}}
	f.csv = csv.NewReader(f.in)
	f.csv.ReuseRecord = true
	f.csv.FieldsPerRecord = -1 // checked here, with an error that says both counts
	if format == TSV {
		f.csv.Comma = '\t'
	}
	row, err := f.read()
	if err == io.EOF {
		return nil, empty(file, "Its first line names the columns; a file with only that line holds nobody.")
	}
	if e := (*Error)(nil); errors.As(err, &e) {
		e.Fatal = true // without a header no row can be understood
		return nil, e
	}
	if len(row) > MaxColumns {
		return nil, f.at(0, "Too many columns", fmt.Sprintf("The header has %d columns; at most %d are read.", len(row), MaxColumns), true)
	}
	seen := make(map[string]int, len(row))
	for i, name := range row {
		if name == "" {
			return nil, f.at(i, "Column without a name", fmt.Sprintf("Column %d of the header has no name. Name it, or take the column out.", i+1), true)
		}
		if first, twice := seen[name]; twice {
			return nil, f.at(i, "Duplicate column", fmt.Sprintf("Columns %d and %d are both named %s. Give each a name of its own.", first+1, i+1, addr.Quote(name)), true)
		}
		seen[name] = i
	}
	f.names = append([]string(nil), row...)
	return f, nil
}

func (f *fields) columns() []string { return f.names }

func (f *fields) position(i int) (line, column int) { return f.csv.FieldPos(i) }

func (f *fields) next() (Row, error) {
	if f.done {
		return Row{}, io.EOF
	}
	row, err := f.read()
	if err != nil {
		return Row{}, err
	}
	if len(row) != len(f.names) {
		return Row{}, f.at(0, "Ragged row", fmt.Sprintf("The row has %d fields, the header has %d columns. A field that holds the separator or a line break stands in double quotes.",
			len(row), len(f.names)), false)
	}
	line, _ := f.csv.FieldPos(0)
	return Row{Line: line, Fields: row}, nil
}

// read reads one record and checks its length and its encoding.
func (f *fields) read() ([]string, error) {
	f.in.row()
	row, err := f.csv.Read()
	switch {
	case err == io.EOF:
		f.done = true
		return nil, io.EOF
	case errors.Is(err, errTooLong):
		f.done = true
		return nil, &Error{File: f.file, Line: f.in.begin, Column: 1, Summary: "Row too long", Fatal: true,
			Detail: fmt.Sprintf("The row is longer than %d bytes. Perhaps a quote is never closed, or the file is no table.", MaxRow)}
	case errors.Is(err, csv.ErrQuote), lost(err):
		// Nobody can tell how many of the rows behind an open quote are text of one field, so nothing behind it is read.
		f.done = true
		return nil, f.translate(err)
	case f.in.bad:
		return nil, invalidUTF8(f.file, f.in.badLine, f.in.badColumn)
	case f.in.nul:
		return nil, nulCharacter(f.file, f.in.nulLine, f.in.nulColumn)
	case err != nil:
		return nil, f.translate(err)
	}
	return row, nil
}

// lost reports whether a bad record began on an earlier line, so that it may hold rows of which nothing is said.
func lost(err error) bool {
	p := (*csv.ParseError)(nil)
	return errors.As(err, &p) && p.StartLine != p.Line
}

func (f *fields) translate(err error) error {
	p := (*csv.ParseError)(nil)
	if !errors.As(err, &p) {
		f.done = true
		return unreadable(f.file, f.in.line, err)
	}
	e := &Error{File: f.file, Line: p.Line, Column: p.Column, Err: p.Err, Fatal: f.done}
	switch {
	case errors.Is(p.Err, csv.ErrBareQuote):
		e.Summary = "Bare quote"
		e.Detail = `A double quote stands inside a field that does not begin with one. Put the whole field in double quotes and write the quote twice.`
	case p.StartLine != p.Line:
		e.Summary = "Bad quotes"
		e.Detail = fmt.Sprintf(`The quoted text that begins in the row of line %d is not closed properly: its closing quote is missing, or a quote inside it is not written twice. The rows behind it cannot be told from its text, so the file is not read on.`, p.StartLine)
	default:
		e.Summary = "Bad quotes"
		e.Detail = `A quoted field is not closed properly: its closing quote is missing, or a quote inside it is not written twice. The rows behind it cannot be told from its text, so the file is not read on.`
	}
	return e
}

// at makes an error at the beginning of field i of the last record.
func (f *fields) at(i int, summary, detail string, fatal bool) *Error {
	line, column := f.csv.FieldPos(i)
	return &Error{File: f.file, Line: line, Column: column, Summary: summary, Detail: detail, Fatal: fatal}
}

func nulCharacter(file string, line, column int) *Error {
	return &Error{File: file, Line: line, Column: column, Summary: "NUL character",
		Detail: "Here stands a NUL character, which is no text. The file is damaged, or it was saved in another encoding, such as UTF-16; save it as UTF-8."}
}

func invalidUTF8(file string, line, column int) *Error {
	return &Error{File: file, Line: line, Column: column, Summary: "Invalid UTF-8",
		Detail: "The byte here belongs to no character in UTF-8. The file was probably saved in another encoding; save it as UTF-8."}
}

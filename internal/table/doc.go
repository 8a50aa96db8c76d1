// Package table reads tables of people from files: CSV, TSV and JSONL, row by row, each value with its position.
//
// It promises that a file is streamed and never held: memory is bounded by MaxRow bytes of one row, whatever the file
// holds. Everything that is wrong with a file comes as an *Error with file, line and column. After a bad row Next goes
// on with the row after it, so that one pass finds all that is wrong; only an Error that is Fatal ends the reading.
//
//	r, err := table.Open("/srv/campaign/customers.csv", "customers.csv")
//	if err != nil {
//		return err
//	}
//	defer r.Close()
//	for {
//		row, err := r.Next()
//		if err == io.EOF {
//			break
//		}
//		...
//	}
//
// CSV is RFC 4180 as encoding/csv reads it: a header line, fields in double quotes where needed, a doubled quote inside
// them, line breaks inside quotes, LF or CRLF. TSV is the same with tabs. JSONL has one JSON object a line. A byte order
// mark at the beginning is passed over, and so are blank lines. All text is UTF-8, without NUL characters.
//
// Lines and columns count from 1; columns count bytes, as Go's own readers do.
//
// The package must not know what a person, a key or an attribute is.
package table

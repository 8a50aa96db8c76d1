package planner

import (
	"errors"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"herald/internal/addr"
	"herald/internal/table"
	"herald/spec"
	"herald/state"
)

// sourceReader reads one contacts block's file.
type sourceReader struct {
	people *people
	src    *spec.Source
	in     *table.Reader
	names  []string       // of the columns, after rename; nil for JSONL
	at     map[string]int // where an attribute stands in names, or in the row's members
	wanted []wanted
	row    table.Row
	lines  int // of JSONL, read as objects
	values map[string]cty.Value
}

// wanted is one attribute of contact that the plan uses.
type wanted struct {
	name   string
	column int // in a CSV file; -1 when it has none
	typ    cty.Type
	met    bool // in a line of JSONL
}

// source streams the people of a contacts block. What is wrong goes to the findings.
func (pp *people) source(src *spec.Source, u *uses) iter.Seq[*Person] {
	return func(yield func(*Person) bool) {
		r := &sourceReader{people: pp, src: src, at: map[string]int{}, values: map[string]cty.Value{}}
		in, err := table.Open(src.Path, src.File)
		if err != nil {
			pp.fatal(src, err)
			return
		}
		defer in.Close()
		r.in = in
		if !r.compile(u) {
			return
		}
		defer r.note(u)
		seen := set{}
		p := &Person{Source: src.Name, skip: src.Skip, row: r}
		for {
			row, err := in.Next()
			if err == io.EOF {
				return
			}
			if pp.stopped() {
				return
			}
			if err != nil {
				if !r.fail(err) {
					return
				}
				continue
			}
			r.row = row
			if r.read(p, u) && r.keep(p, seen) && !yield(p) {
				return
			}
		}
	}
}

// compile finds the attributes in the columns.
func (r *sourceReader) compile(u *uses) bool {
	columns := r.in.Columns()
	names := sortedNames(u.names)
	if columns != nil {
		r.names = make([]string, len(columns))
		for i, c := range columns {
			r.names[i] = r.rename(c)
			if first, twice := r.at[r.names[i]]; twice {
				r.people.found.inFile("Duplicate attribute", "The columns "+addr.Quote(columns[first])+" and "+addr.Quote(c)+
					" both become the attribute "+addr.Quote(r.names[i])+". Rename one of them to another name.", r.src.Name, r.cell(i))
				return false
			}
			r.at[r.names[i]] = i
		}
		if _, ok := r.at[r.src.Key]; !ok {
			r.people.found.inFile("Missing column", "The file has no column for the key attribute "+addr.Quote(r.src.Key)+
				", which identifies people. Name another one as key, or rename a column.", r.src.Name, r.position(1, 1))
			return false
		}
	}
	if u.whole {
		names = append(names, r.names...)
		names = append(names, r.people.known...)
		slices.Sort(names)
		names = slices.Compact(names)
	}
	for _, name := range names {
		w := wanted{name: name, column: -1, typ: r.src.Types[name]}
		if i, ok := r.at[name]; ok {
			w.column = i
		}
		r.wanted = append(r.wanted, w)
	}
	return true
}

// note says which attributes the file's people had.
func (r *sourceReader) note(u *uses) {
	u.read += r.lines
	for _, name := range r.names {
		u.met[name] = true
	}
	for _, w := range r.wanted {
		if w.met {
			u.met[w.name] = true
		}
	}
}

func (r *sourceReader) rename(column string) string {
	if to, ok := r.src.Rename[column]; ok {
		return to
	}
	return column
}

// read makes the row at hand a person. False says that it cannot be one; then it was counted.
func (r *sourceReader) read(p *Person, u *uses) bool {
	p.At = r.position(r.row.Line, 1)
	p.email, p.phone = "", ""
	p.audience, p.unique = "", state.Hash{}
	if r.names == nil {
		return r.readObject(p, u)
	}
	p.Key = r.row.Fields[r.at[r.src.Key]]
	r.swallowed()
	if i, ok := r.at[attrEmail]; ok && u.email {
		p.email = r.row.Fields[i]
	}
	if i, ok := r.at[attrPhone]; ok && u.phone {
		p.phone = r.row.Fields[i]
	}
	good := true
	for i := range r.wanted {
		w := &r.wanted[i]
		switch {
		case w.name == "key":
			r.values["key"] = cty.StringVal(p.Key)
		case w.column < 0:
			r.values[w.name] = cty.NullVal(cty.DynamicPseudoType)
		case w.typ == cty.NilType || w.typ == cty.String:
			r.values[w.name] = cty.StringVal(r.row.Fields[w.column])
		case r.row.Fields[w.column] == "":
			r.values[w.name] = cty.NullVal(w.typ) // a cell of another type than string cannot be "", so it is not given
		default:
			v, err := convert.Convert(cty.StringVal(r.row.Fields[w.column]), w.typ)
			if err != nil {
				v, good = cty.NullVal(w.typ), r.wrongType(w, r.row.Fields[w.column], err)
			}
			r.values[w.name] = v
		}
		if !good && r.src.Skip {
			break // a person is left out once
		}
	}
	return r.finish(p, u, good)
}

// swallowed warns of a quoted field that holds what looks like rows: a quote that is closed by one further down hides
// the people between them, and no rule of CSV is broken.
func (r *sourceReader) swallowed() {
	separator := ","
	if f, _ := table.FormatOf(r.src.Path); f == table.TSV {
		separator = "\t"
	}
	for i, field := range r.row.Fields {
		if len(r.names) < 2 || strings.IndexByte(field, '\n') < 0 {
			continue
		}
		for _, line := range strings.Split(field, "\n")[1:] {
			if strings.Count(line, separator) == len(r.names)-1 {
				r.people.found.ofFile(hcl.DiagWarning, "Rows inside quotes?", "The quoted field that begins here goes over several lines, and one of them, "+addr.Quote(clip(line))+
					", looks like a row of its own. If a quote is missing, the people there are not read. If the text is meant, there is nothing to do.", r.src.Name, r.cell(i))
				return
			}
		}
	}
}

// readObject does the same for a line of JSONL.
func (r *sourceReader) readObject(p *Person, u *uses) bool {
	clear(r.at)
	for i, m := range r.row.Members {
		name := r.rename(m.Name)
		if _, twice := r.at[name]; twice {
			r.people.unknown++
			return r.reject("Duplicate attribute", "Two members of the object become the attribute "+addr.Quote(name)+" after rename.", r.cell(i))
		}
		r.at[name] = i
	}
	if r.lines++; r.lines <= shown { // whose names are offered for a slip
		for name := range r.at {
			u.met[name] = true
		}
	}
	text := func(name string) string {
		if i, ok := r.at[name]; ok {
			return jsonText(r.row.Members[i].Value)
		}
		return ""
	}
	if i, ok := r.at[r.src.Key]; ok && !textOrNumber(r.row.Members[i].Value) {
		r.people.unknown++
		return r.reject("Unusable key", "The key is a JSON string or a number; here it is "+addr.Quote(clip(string(r.row.Members[i].Value)))+".", r.cell(i))
	}
	p.Key = text(r.src.Key)
	if u.email {
		p.email = text(attrEmail)
	}
	if u.phone {
		p.phone = text(attrPhone)
	}
	clear(r.values)
	good := true
	for i := range r.wanted {
		if good = r.member(p, &r.wanted[i]) && good; !good && r.src.Skip {
			return r.finish(p, u, false) // a person is left out once
		}
	}
	if u.whole {
		for i := range r.row.Members {
			name := r.rename(r.row.Members[i].Name)
			if _, done := r.values[name]; done {
				continue
			}
			if good = r.member(p, &wanted{name: name, typ: r.src.Types[name]}) && good; !good && r.src.Skip {
				break
			}
		}
	}
	return r.finish(p, u, good)
}

// member sets one attribute from the line's object.
func (r *sourceReader) member(p *Person, w *wanted) bool {
	i, ok := r.at[w.name]
	if w.name == "key" {
		r.values["key"] = cty.StringVal(p.Key)
		return true
	}
	if !ok {
		r.values[w.name] = cty.NullVal(cty.DynamicPseudoType)
		return true
	}
	w.met = true
	v, err := jsonValue(r.row.Members[i].Value)
	if err == nil && w.typ != cty.NilType {
		v, err = convert.Convert(v, w.typ)
	}
	if err != nil {
		r.values[w.name] = cty.NullVal(cty.DynamicPseudoType)
		return r.wrongType(w, string(r.row.Members[i].Value), err)
	}
	r.values[w.name] = v
	return true
}

// finish makes the values the person's. Where one of them was no good, the formats of the others are looked at too, so
// that everything wrong with a row is said at once; nothing more is known of somebody whom where may leave aside.
func (r *sourceReader) finish(p *Person, u *uses, good bool) bool {
	pp := r.people
	if good || !p.skip && pp.list == nil {
		p.contact = cty.ObjectVal(r.values)
		pp.scope.Set(p.contact)
	}
	if good {
		return true
	}
	pp.still(p.Key)
	if !p.skip && pp.list == nil && r.matches() {
		pp.verify(p, u.checked())
	}
	return false
}

// matches evaluates the source's where quietly, for a row that cannot be used.
func (r *sourceReader) matches() bool {
	if r.src.Where == nil {
		return true
	}
	v, diags := r.src.Where.Value(r.people.scope)
	return !diags.HasErrors() && v.Type() == cty.Bool && v.IsKnown() && !v.IsNull() && v.True()
}

// keep applies where, and wants a key that no row before had.
func (r *sourceReader) keep(p *Person, seen set) bool {
	if !r.people.where(r.src.Where, p) {
		return false
	}
	if p.Key == "" {
		r.people.unknown++
		return r.reject("Missing key", "The key attribute "+addr.Quote(r.src.Key)+" is empty here; it identifies the person, so everybody needs one.", r.locate(r.src.Key))
	}
	if !seen.add(r.people.hash.sum(p.Key)) {
		return r.reject("Duplicate key", "The key "+addr.Quote(clip(p.Key))+" stands in an earlier row of this file too. A key is one person, with one row.", r.locate(r.src.Key))
	}
	return true
}

// fail takes an error of the file. False says that nothing more can be read.
func (r *sourceReader) fail(err error) bool {
	e := (*table.Error)(nil)
	if !errors.As(err, &e) || e.Fatal {
		r.people.fatal(r.src, err)
		return false
	}
	r.people.unknown++
	r.problem(e.Summary, e.Detail, r.position(e.Line, max(e.Column, 1)))
	return true
}

func (r *sourceReader) wrongType(w *wanted, value string, err error) bool {
	typ := w.typ
	if typ == cty.NilType {
		typ = cty.DynamicPseudoType
	}
	return r.reject("Wrong type of value", "The attribute "+addr.Quote(w.name)+" is to be a value of type "+typ.FriendlyName()+", and "+
		addr.Quote(clip(value))+" is none: "+err.Error()+".", r.locate(w.name))
}

// reject counts the row at hand as one that cannot be used, and gives false.
func (r *sourceReader) reject(summary, detail string, at hcl.Range) bool {
	r.problem(summary, detail, at)
	return false
}

func (r *sourceReader) problem(summary, detail string, at hcl.Range) {
	r.people.invalid(r.src.Skip, r.src.Name, summary, detail, at)
}

// locate is the place of an attribute's value in the row at hand, or of the row when it has none.
func (r *sourceReader) locate(attribute string) hcl.Range {
	if i, ok := r.at[attribute]; ok {
		return r.cell(i)
	}
	return r.position(r.row.Line, 1)
}

// cell is the place of the i-th field or member of the row at hand.
func (r *sourceReader) cell(i int) hcl.Range { return r.position(r.in.Position(i)) }

// position is a place in the file. Its byte offset is not known; printers go by line and column.
func (r *sourceReader) position(line, column int) hcl.Range {
	return hcl.Range{Filename: r.src.File, Start: hcl.Pos{Line: line, Column: column}, End: hcl.Pos{Line: line, Column: column}}
}

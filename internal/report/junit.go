package report

import (
	"encoding/xml"
	"fmt"
	"os"
	"strings"
)

// The shapes of JUnit's XML, as CI systems read it: a file is a suite, a run is a case.
type (
	junitSuites struct {
		XMLName xml.Name `xml:"testsuites"`
		junitCounts
		Suites []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name string `xml:"name,attr"`
		junitCounts
		Cases []junitCase `xml:"testcase"`
	}
	junitCounts struct {
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Skipped  int          `xml:"skipped,attr"`
		Time     junitSeconds `xml:"time,attr"`
	}
	junitCase struct {
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		Time    junitSeconds  `xml:"time,attr"`
		Failure *junitProblem `xml:"failure,omitempty"`
		Error   *junitProblem `xml:"error,omitempty"`
		Skipped *struct{}     `xml:"skipped,omitempty"`
	}
	junitProblem struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
	junitSeconds float64
)

// MarshalText writes seconds with their milliseconds.
func (s junitSeconds) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%.3f", float64(s)), nil }

// JUnit writes the results to a file.
func (t *Tests) JUnit(path string) error {
	var out junitSuites
	for _, f := range t.files {
		suite := junitSuite{Name: f.Name}
		for _, r := range f.Runs {
			suite.add(f.Name, r)
		}
		out.Tests, out.Failures, out.Errors = out.Tests+suite.Tests, out.Failures+suite.Failures, out.Errors+suite.Errors
		out.Skipped, out.Time = out.Skipped+suite.Skipped, out.Time+suite.Time
		out.Suites = append(out.Suites, suite)
	}
	text, err := xml.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append([]byte(xml.Header), append(text, '\n')...), 0o644)
}

// add takes one run into a suite. Its first problem is the message, since that is what CI systems list.
func (s *junitSuite) add(file string, r TestRun) {
	c := junitCase{Name: r.Name, Class: file, Time: junitSeconds(r.Seconds)}
	problem := &junitProblem{}
	for _, d := range r.Diagnostics {
		if d.Severity != "error" {
			continue
		}
		if problem.Type == "" {
			problem.Type, problem.Message = Escape(d.Summary), Escape(strings.TrimSpace(d.Summary+": "+d.Detail))
		}
		where := ""
		if d.Range != nil {
			where = fmt.Sprintf("%s:%d: ", d.Range.Filename, d.Range.Start.Line)
		}
		problem.Text += EscapeLines(where+d.Summary+": "+d.Detail) + "\n"
	}
	s.Tests++
	s.Time += c.Time
	switch r.Status {
	case TestFailed:
		s.Failures++
		c.Failure = problem
	case TestError:
		s.Errors++
		c.Error = problem
	case TestSkipped:
		s.Skipped++
		c.Skipped = &struct{}{}
	}
	s.Cases = append(s.Cases, c)
}

// Package report shows what herald plans, does and knows. Each thing that is shown is a model first: plain data with
// JSON names. Text is made from the model and JSON is the model, so the two cannot drift.
//
//	m := report.NewPlan(plan)
//	m.Text(os.Stdout, style)      // for people
//	stream.Plan(m)                // for machines: one object a line
//
// Text from people's data reaches a terminal only through Escape, which makes control and direction characters
// visible. The package never decides anything and never writes but to the writers it is given.
package report

package planner

// Steps is one lane's steps that send, in plan order.
type Steps interface {
	// Next gives the next step and a reference to it, or io.EOF.
	Next() (Step, int64, error)
	// At gives the step of a reference again. It is safe beside Next.
	At(ref int64) (Step, error)
}

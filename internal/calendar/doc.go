// Package calendar is wall-clock arithmetic: windows of a week in a person's own zone, and instants that are written
// without one. It is pure: it looks at no clock, and knows zones by what it is given.
//
//	w := calendar.Window{Days: calendar.Weekdays, From: 9 * calendar.Hour, To: 17 * calendar.Hour}
//	next := w.Next(now, berlin)      // now itself while the window is open
//	until := w.Closes(next, berlin)  // the end of that opening
//
// Days are those on which a window opens: one from 22:00 to 06:00 on Fridays closes on Saturday morning. On the days when
// clocks change it keeps to the wall clock: an opening or a closing at a time that does not exist is the next instant
// that does, and one at a time that comes twice is the first for openings and the last for closings. A window that lies
// wholly in what clocks jump over does not open that day. Openings that meet or overlap are one.
//
// The package must not know people, messages or plans.
package calendar

package calendar_test

import (
	"fmt"
	"time"
	_ "time/tzdata"

	"herald/internal/calendar"
)

// On a Saturday a window of office hours opens on Monday, at nine by the clock of the person's own zone.
func ExampleWindow() {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		fmt.Println(err)
		return
	}
	w := calendar.Window{Days: calendar.Weekdays, From: 9 * calendar.Hour, To: 17 * calendar.Hour}
	saturday := time.Date(2026, time.March, 28, 12, 0, 0, 0, time.UTC)
	next := w.Next(saturday, berlin)
	fmt.Println(w)
	fmt.Println("opens ", next)
	fmt.Println("closes", w.Closes(next, berlin))
	// Output:
	// mon-fri 09:00-17:00
	// opens  2026-03-30 09:00:00 +0200 CEST
	// closes 2026-03-30 17:00:00 +0200 CEST
}

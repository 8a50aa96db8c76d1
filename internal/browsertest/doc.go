// Package browsertest looks at pages in a real browser, Chromium, for tests.
//
//	tab := browsertest.Open(t)                    // or the test is skipped, where there is no browser
//	tab.Visit(t, browsertest.FileAddress("plan.html"), browsertest.Window{Width: 1280, Height: 900, Scheme: "dark"})
//	n := browsertest.Eval[int](t, tab, `document.querySelectorAll("article").length`)
//	tab.Quiet(t)                                  // it asked for nothing, and complained of nothing
//
// The browser ends with the test, after two minutes at the latest. The package must not be imported but by tests, and must not
// know what the pages are: it reaches nothing but the address that it is given.
package browsertest

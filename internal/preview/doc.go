// Package preview draws messages as those see them who get them, as HTML.
//
// Page writes a whole plan as one file that stands alone: it fetches nothing, runs nothing but its own script, and reads
// well without that. Bubble draws a single message, for pages that others make around it; Style is what it wears.
//
//	err := preview.Page(file, review)          // a plan, for whoever approves it
//	html := preview.Bubble(content, providers.Sends)
//
// All texts are hostile: they come from files of people. They reach the page only as text, characters that cannot be seen
// or that turn the direction of others show as \u escapes, and what is long is cut, with the whole behind "Show all".
// Addresses of pictures and files are shown and never fetched, nor made into links. People have numbers in place of names
// unless the review says that they may be shown.
//
// A page is bounded whatever the plan: see the limits in bound.go. What is left out is counted on the page.
//
// The package decides nothing, reads no clock, no file and no network, and writes but to the writer that it is given.
package preview

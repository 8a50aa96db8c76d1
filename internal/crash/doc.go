// Package crash lets tests end the process at named instants, so that what is on the disk at each of them can be looked at.
//
//	crash.Point("intent recorded")
//
// A point does nothing, and costs nothing, unless the program was built with the tag crash. Then, when the environment
// variable HERALD_CRASH is "intent recorded:3", the process kills itself with SIGKILL at the third passage of that point.
// Nothing may depend on a point, and no point may stand where a kill could not come by itself.
package crash

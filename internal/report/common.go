package report

// maxCells bounds what Common compares: as many parts of one text times as many of the other.
const maxCells = 1_000_000

// Common says which parts of a and of b, such as lines or words, are in the longest sequence of them that both have. Texts
// too long for that have their beginnings and ends in common.
func Common(a, b []string) (inA, inB []bool) {
	inA, inB = make([]bool, len(a)), make([]bool, len(b))
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		inA[head], inB[head] = true, true
		head++
	}
	endA, endB := len(a), len(b)
	for endA > head && endB > head && a[endA-1] == b[endB-1] {
		endA, endB = endA-1, endB-1
		inA[endA], inB[endB] = true, true
	}
	x, y := a[head:endA], b[head:endB]
	if len(x)*len(y) > maxCells {
		return inA, inB
	}
	width := len(y) + 1
	best := make([]int32, (len(x)+1)*width) // of the ends of x and y from i and j on
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			if x[i] == y[j] {
				best[i*width+j] = best[(i+1)*width+j+1] + 1
			} else {
				best[i*width+j] = max(best[(i+1)*width+j], best[i*width+j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(x) && j < len(y); {
		switch {
		case x[i] == y[j]:
			inA[head+i], inB[head+j] = true, true
			i, j = i+1, j+1
		case best[(i+1)*width+j] >= best[i*width+j+1]:
			i++
		default:
			j++
		}
	}
	return inA, inB
}

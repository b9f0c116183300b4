// Package spelling compares how words are written.
package spelling

// lettersMax bounds the words that are compared: the work grows with the square.
const lettersMax = 200

// Apart counts the letters to change, add, leave out or swap with a neighbor to make
// one word of another. What is more than limit, or too long to be compared, is
// limit+1.
func Apart(x, y []rune, limit int) int {
	if len(y)-len(x) > limit || len(x)-len(y) > limit || len(x) > lettersMax {
		return limit + 1
	}
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			differs := 1
			if x[i-1] == y[j-1] {
				differs = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+differs)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return min(last[len(y)], limit+1)
}

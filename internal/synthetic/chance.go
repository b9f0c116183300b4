package synthetic

import "math/bits"

// A chance draws numbers from a seed: SplitMix64, whose outputs are the same
// everywhere and for ever.
type chance struct{ state uint64 }

// chanceOf is the chance of one license.
func chanceOf(seed, license uint64) *chance {
	c := &chance{seed}
	c.state = c.next() ^ license*0xd1342543de82ef95
	c.next()
	return c
}

func (c *chance) next() uint64 {
	c.state += 0x9e3779b97f4a7c15
	z := c.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below draws a number from 0 to n-1.
func (c *chance) below(n int) int {
	hi, _ := bits.Mul64(c.next(), uint64(n))
	return int(hi)
}

// ppm is true so many times in a million.
func (c *chance) ppm(n int) bool { return c.below(1_000_000) < n }

// low draws a number from 0 to n-1, low ones more often, as surnames are.
func (c *chance) low(n int) int { return c.below(c.below(n) + 1) }

func pick[T any](c *chance, from []T) T { return from[c.below(len(from))] }

// weighted draws a place; weights add up to total.
func weighted[T any](c *chance, from []T, total int, weight func(*T) int) int {
	n := c.below(total)
	for i := range from {
		if n -= weight(&from[i]); n < 0 {
			return i
		}
	}
	return len(from) - 1
}

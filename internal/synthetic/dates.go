package synthetic

import (
	"time"

	"licet/license"
)

// A date counts days from January 1, 1970; noDate is none.
type date int

const noDate date = -1 << 30

// never is how the file writes that a license does not expire.
var never = dateOf(2099, 1, 1)

func dateOf(year, month, day int) date {
	return date(time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// dayOf is a day that was checked before.
func dayOf(d license.Day) date {
	t, _ := time.Parse(time.DateOnly, string(d))
	return date(t.Unix() / 86400)
}

func (d date) civil() (year, month, day int) {
	y, m, dd := time.Unix(int64(d)*86400, 0).UTC().Date()
	return y, int(m), dd
}

// text writes a date as the file does: MM/DD/YYYY with an empty time of day. Where
// there is none, it writes the given word.
func (d date) text(none string) string {
	if d == noDate {
		return none
	}
	y, m, day := d.civil()
	return string([]byte{
		byte('0' + m/10), byte('0' + m%10), '/', byte('0' + day/10), byte('0' + day%10), '/',
		byte('0' + y/1000), byte('0' + y/100%10), byte('0' + y/10%10), byte('0' + y%10),
		' ', '0', '0', ':', '0', '0', ':', '0', '0',
	})
}

// end is the first day from d on, on which terms end.
func (r renewal) end(d date) date {
	y, _, _ := d.civil()
	for {
		if e := dateOf(y, r.month, r.day); e >= d && y%r.years == r.phase%r.years {
			return e
		}
		y++
	}
}

// before is the day on which the term before the one that ends on e ended.
func (r renewal) before(e date) date {
	y, _, _ := e.civil()
	return dateOf(y-r.years, r.month, r.day)
}

package lex

// A Date is a day of the Gregorian calendar, counted from 1970-01-01, in the years 1
// to 9999. Which clock it is of, its maker knows.
type Date int32

const (
	dateMin Date = -719162 // 0001-01-01
	dateMax Date = 2932896 // 9999-12-31
)

const (
	daysOf400 = 146097  // in 400 years
	toMarch   = 719468  // from 0000-03-01 to 1970-01-01
	marchDays = 153     // in five months from March on
	daysOf4   = 1460    // in four years without their leap day
	daysOf100 = 36524   // in a century whose last year has no leap day
	last400   = 146_096 // the last day of 400 years
)

// NewDate returns a day of the calendar; false when there is none.
func NewDate(year, month, day int64) (Date, bool) {
	if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return 0, false
	}
	y, m := year, month-3 // years from March on, so that the leap day is the last
	if m < 0 {
		y, m = y-1, m+12
	}
	era := y / 400
	of := y - era*400
	days := of*365 + of/4 - of/100 + (marchDays*m+2)/5 + day - 1
	return Date(era*daysOf400 + days - toMarch), true
}

// Civil returns year, month and day.
func (d Date) Civil() (year, month, day int64) {
	z := int64(d) + toMarch // never negative for a Date
	era := z / daysOf400
	of := z - era*daysOf400
	y := (of - of/daysOf4 + of/daysOf100 - of/last400) / 365
	inYear := of - (365*y + y/4 - y/100)
	m := (5*inYear + 2) / marchDays
	day = inYear - (marchDays*m+2)/5 + 1
	year, month = y+era*400, m+3
	if month > 12 {
		year, month = year+1, month-12
	}
	return year, month, day
}

// weekday counts from Monday, 1, to Sunday, 7.
func (d Date) weekday() int64 {
	return (int64(d)-int64(dateMin))%7 + 1 // 0001-01-01 was a Monday
}

func daysIn(year, month int64) int64 {
	switch {
	case month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0):
		return 29
	case month == 2:
		return 28
	case month == 4 || month == 6 || month == 9 || month == 11:
		return 30
	}
	return 31
}

// String writes the day as ISO 8601 does.
func (d Date) String() string {
	y, m, dd := d.Civil()
	digit := func(n int64) byte { return byte('0' + n%10) }
	return string([]byte{digit(y / 1000), digit(y / 100), digit(y / 10), digit(y), '-', digit(m / 10), digit(m), '-', digit(dd / 10), digit(dd)})
}

// addMonths goes to the same day of a later or earlier month, or to that month's
// last day where it is shorter.
func (d Date) addMonths(n int64) (Date, bool) {
	if n < -120_000 || n > 120_000 {
		return 0, false
	}
	y, m, day := d.Civil()
	at := y*12 + m - 1 + n
	if at < 12 {
		return 0, false
	}
	y, m = at/12, at%12+1
	return NewDate(y, m, min(day, daysIn(y, m)))
}

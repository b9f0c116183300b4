package wording

import (
	"testing"

	"licet/license"
)

// Where an order bars practice, its word stands alone: nobody is to read "ACTIVE" beside
// "REVOKED".
func TestRegistrationBesideOrders(t *testing.T) {
	for _, c := range []struct {
		discipline, registration, secondary string
		through                             license.Day
		stayed                              bool
		further, sentence                   string
	}{
		{"none", "active", "", "2027-05-31", false, "", ""},
		{"conditions", "active", "PROBATION", "2027-05-31", false, "PROBATION", ""},
		{"barred", "active", "ACTIVE", "2027-05-31", false, "", "the term has its last day on May 31, 2027, which gives no right to practice while the order is in force"},
		{"barred", "active", "ACTIVE", "", false, "", "the term has no set end, which gives no right to practice while the order is in force"},
		{"barred", "not-lapsed", "EXPIRED, NOT LAPSED, ORDER STAYED", "2027-05-31", true, "ORDER STAYED", "expired, not lapsed"},
		{"barred", "surrendered", "SURRENDERED", "", false, "", "surrendered"},
		{"barred", "not-renewed", "NOT RENEWED", "2024-05-31", false, "", "not renewed"},
	} {
		if f, s := Further(c.discipline, c.secondary, c.stayed), Registration(c.discipline, c.registration, c.through); f != c.further || s != c.sentence {
			t.Errorf("%+v: %q, %q", c, f, s)
		}
	}
}

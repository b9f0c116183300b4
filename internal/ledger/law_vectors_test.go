package ledger

import (
	"licet/license"
	"licet/proof"
)

// registrations rests, revives, extends and ends a registration.
func (b *bundleBook) registrations(ask asker) {
	w := newWorld(b.t)
	clerk := []string{"clerk"}
	w.issue(nurse, "clerk", license.Name{Family: "Lee", Given: "Ann"}, "2026-05-31")
	w.act(nil, clerk, &license.LicenseInactivate{License: nurse, Count: 1, From: "2026-01-12"})
	ask(w, "inactive", true, nurse, proof.Question{On: "2026-01-12"})
	w.act(nil, clerk, &license.LicenseReactivate{License: nurse, Count: 2, From: "2026-02-01"})
	before := license.InstantOf(w.clock)
	extended := w.act(nil, clerk, &license.LicenseExtend{License: nurse, Count: 3, Term: "2024-06-01", Through: "2026-07-31", Grace: "2026-08-29"})
	ask(w, "an extended term", true, nurse, proof.Question{On: "2026-07-31"})
	ask(w, "an extended term, as known before", true, nurse, proof.Question{On: "2026-07-31", Known: before.AddSeconds(-1)})
	ask(w, "in the days of grace of an extended term", true, nurse, proof.Question{On: "2026-08-29"})
	w.act(nil, both, &license.LicenseCorrect{License: nurse, Entry: extended, Changes: []license.Change{{Do: license.DoExtend, From: "2024-06-01", Through: "2026-06-30"}}})
	ask(w, "a corrected extension", true, nurse, proof.Question{On: "2026-07-01"})
	w.act(nil, clerk, &license.LicenseDecease{License: nurse, Count: 5, From: "2026-03-01"})
	ask(w, "the holder has died", true, nurse, proof.Question{On: "2026-03-01"})
}

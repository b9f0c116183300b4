package cli

import "licet/internal/importer"

// staleTries is how often a row is planned that the network refused because somebody
// recorded something about its license meanwhile.
const staleTries = 4

// Rows that somebody else overtook are planned again at the end, from what stands then:
// an import that was killed may have left batches on their way, which are recorded
// while the next one runs.
type overtaken struct {
	tell func(importer.Result)
	rows map[int64]bool // of which nothing was told yet
	now  map[int64]bool // that are planned again; nil: all are planned the first time
	left int            // how often they may still be
}

func newOvertaken(tell func(importer.Result)) *overtaken {
	return &overtaken{tell: tell, rows: map[int64]bool{}, left: staleTries - 1}
}

// again says whether there are rows to be planned again, and begins with them.
func (o *overtaken) again() bool {
	if len(o.rows) == 0 || o.left == 0 {
		return false
	}
	o.now, o.rows = o.rows, map[int64]bool{}
	o.left--
	return true
}

// take tells of a row, unless it is to be planned again or was told of before.
func (o *overtaken) take(x importer.Result) {
	stale := x.Outcome == importer.Refused && len(x.Flaws) == 1 && x.Flaws[0].Rule == "stale"
	switch {
	case o.now != nil && !o.now[x.Row]:
	case stale && o.left > 0:
		o.rows[x.Row] = true
	default:
		o.tell(x)
	}
}

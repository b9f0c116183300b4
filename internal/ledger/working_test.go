package ledger

import (
	"strings"
	"testing"

	"licet/license"
)

func TestRecordTooLarge(t *testing.T) {
	r := newWorld(t)
	w := r.newWorking(r.Head().Size, start)
	l := &license.License{Licensee: strings.Repeat("a", 32), Route: strings.Repeat("x", recordBytesMax)}
	if _, no := w.write(&license.Effect{Kind: license.KindLicense, ID: "us-il.nurse.1", Record: l}, "license.issue", nil, 1); no == nil || no.Code != "record-too-large" || len(w.entries) > 0 || len(w.records) > 0 {
		t.Errorf("%v", no)
	}
}

package auditor

import (
	"slices"
	"strings"
	"testing"
	"time"

	"licet/internal/ledgertest"
	"licet/license"
	"licet/proof"
	"licet/strict"
)

// told is a registry with more of everything that authority rests on: an officer who
// came and was suspended, a payload of several acts, a policy that changed.
func told(t *testing.T) *ledgertest.Registry {
	t.Helper()
	r := lived(t)
	r.Act(nil, []string{"root"}, &license.OfficerAppoint{Officer: "us-il/deputy", Key: ledgertest.Spec("deputy"), Roles: []string{"clerk"}})
	r.Clock = r.Clock.Add(time.Hour)
	r.Act(nil, []string{"deputy"}, &license.LicenseRenew{License: "us-il.nurse.041000002", Count: 1, From: "2026-06-01", Through: "2028-05-31"})
	r.Act(nil, []string{"root"}, &license.OfficerSuspend{Officer: "us-il/deputy", Count: 1})
	r.Act(nil, []string{"clerk"},
		&license.LicenseSurrender{License: "us-il.nurse.041000002", Count: 2, From: "2026-03-01"},
		&license.LicenseRenew{License: "us-il.nurse.041000001", Count: 1, From: "2026-06-01", Through: "2028-05-31"})
	r.Act(nil, []string{"member"}, &license.ClockAdvance{Seconds: 86400})
	return r
}

// Forgers who hold every checkpoint key make all that is hashed fit. They do not hold
// the officers' keys: the audit names the first entry that nobody signed.
func TestForgedDecisions(t *testing.T) {
	r := told(t)
	honest := siteOf(t, r)
	mustAudit(t, auditorOf(t, newSwitchboard(t, honest), trustIn(t, r)))
	mustAudit(t, auditorOf(t, newSwitchboard(t, honest.refolded(func(es []license.Entry) []license.Entry { return es })), trustIn(t, r)))
	at := func(es []license.Entry, act string) int {
		for i := range es {
			if es[i].Act == act {
				return i
			}
		}
		t.Fatalf("no entry %s", act)
		return 0
	}
	const other = "says something else than the act that was signed"
	for name, tt := range map[string]struct {
		bend func(es []license.Entry) []license.Entry
		says string
	}{
		"an order that nobody signed": {func(es []license.Entry) []license.Entry {
			es[at(es, "license.discipline")].Cause = nil
			return es
		}, "(license.discipline, license us-il.nurse.041000001, block 4 of 2026-01-10T12:04:00Z) is false: it names no signed act"},
		"an order by signatures that nobody has": {func(es []license.Entry) []license.Entry {
			e := &es[at(es, "license.discipline")]
			e.Cause = &license.Cause{Header: e.Cause.Header, Signatures: license.HashOf(nil)}
			return es
		}, "does not show payload"},
		"a milder order": {func(es []license.Entry) []license.Entry {
			es[at(es, "license.discipline")].Changes[0].Authority = license.AuthorityNone
			return es
		}, other},
		"an order against another": {func(es []license.Entry) []license.Entry {
			es[at(es, "license.discipline")].ID = "us-il.nurse.041000002"
			return es
		}, other},
		"an order of another day": {func(es []license.Entry) []license.Entry {
			es[at(es, "license.discipline")].Effective = "2026-01-03"
			return es
		}, other},
		"an order by the renewal's signatures": {func(es []license.Entry) []license.Entry {
			es[at(es, "license.discipline")].Cause = es[at(es, "license.renew")].Cause
			return es
		}, "is false"},
		"an order withheld, and what follows it": {func(es []license.Entry) []license.Entry {
			i := at(es, "license.issue")
			return slices.Delete(es, i, i+2)
		}, "the law refuses the act"},
		"an order twice": {func(es []license.Entry) []license.Entry {
			i := at(es, "license.discipline")
			return slices.Insert(es, i+1, es[i])
		}, "the law refuses the act"},
		"one act of two that belong together": {func(es []license.Entry) []license.Entry {
			i := at(es, "license.surrender")
			return slices.Delete(es, i, i+1)
		}, "records 1 of the 2 acts"},
		"a renewal after its signer was suspended": {func(es []license.Entry) []license.Entry {
			i, j := at(es, "license.renew"), at(es, "officer.suspend")
			es[i].Block, es[i].Time, es[j].Block, es[j].Time = es[j].Block, es[j].Time, es[i].Block, es[i].Time
			es[i], es[j] = es[j], es[i]
			return es
		}, "whoever signed it may not: Officer us-il/deputy is suspended"},
		"an officer of the forger's": {func(es []license.Entry) []license.Entry {
			e := &es[at(es, "officer.appoint")]
			e.Body = strict.Raw(strings.Replace(string(e.Body), `"key":"`+ledgertest.Spec("clerk"), `"key":"`+ledgertest.Spec("forger"), 1))
			return es
		}, other},
		"a weaker policy": {func(es []license.Entry) []license.Entry {
			e := &es[at(es, "policy.set")]
			e.Body = strict.Raw(strings.Replace(string(e.Body), `"signers":2`, `"signers":1`, 1))
			return es
		}, other},
		"a renewal long after it was signed": {func(es []license.Entry) []license.Entry {
			for i := at(es, "license.renew"); i < len(es); i++ {
				es[i].Time = es[i].Time.AddSeconds(90 * 86400)
			}
			return es
		}, "could be recorded until"},
		"a renewal before it was signed": {func(es []license.Entry) []license.Entry {
			for i := range es {
				if es[i].Block == es[at(es, "license.renew")].Block {
					es[i].Time = es[i].Time.AddSeconds(-80)
				}
			}
			return es
		}, "says that it was signed at"},
		"other rules": {func(es []license.Entry) []license.Entry {
			es[len(es)-1].End.Rules = 2
			return es
		}, "names member set 1 and rules 2"},
		"another member set": {func(es []license.Entry) []license.Entry {
			es[len(es)-1].End.Set = 2
			return es
		}, "names member set 2"},
		"a founding without its last act": {func(es []license.Entry) []license.Entry {
			i := at(es, "policy.set")
			return slices.Delete(es, i, i+1)
		}, "of the 9 acts"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newSwitchboard(t, honest.refolded(tt.bend))
			a := auditorOf(t, b, trustIn(t, r))
			alarm := mustAlarm(t, a, tt.says)
			if len(alarm.Kept) != 1 {
				t.Errorf("kept %v", alarm.Kept)
			}
			mustAlarm(t, a, tt.says) // nothing of the false block is kept
		})
	}
}

// What the node shows as signed is not what was signed.
func TestForgedSignatures(t *testing.T) {
	r := told(t)
	honest := siteOf(t, r)
	for name, tt := range map[string]struct {
		bend func(p *proof.Payload)
		says string
	}{
		"another act":       {func(p *proof.Payload) { p.Acts[0].Act = strict.Raw(`{"do":"clock.advance","seconds":1}`) }, "is not of its header"},
		"another number":    {func(p *proof.Payload) { p.Acts[0].Number++ }, "is not of its header"},
		"no act":            {func(p *proof.Payload) { p.Acts = nil }, "is not shown"},
		"another signature": {func(p *proof.Payload) { p.Signatures = strict.Raw(`[]`) }, "does not show payload"},
	} {
		t.Run(name, func(t *testing.T) {
			s := honest.refolded(func(es []license.Entry) []license.Entry { return es })
			s.signed = map[license.Cause]proof.Payload{}
			for c, p := range honest.signed {
				var last license.Entry
				if err := strict.Decode(s.entries[len(s.entries)-2], &last, license.EntryBytesMax); err != nil {
					t.Fatal(err)
				}
				if p.Acts = slices.Clone(p.Acts); c == *last.Cause {
					tt.bend(&p)
				}
				s.signed[c] = p
			}
			mustAlarm(t, auditorOf(t, newSwitchboard(t, s), trustIn(t, r)), tt.says)
		})
	}
	t.Run("a root key that the log never had", func(t *testing.T) {
		trust := trustIn(t, r)
		trust.Boards = []proof.TrustBoard{{ID: "us-il", Key: ledgertest.Spec("forger")}}
		mustAlarm(t, auditorOf(t, newSwitchboard(t, honest), trust), "never gave board us-il the root key")
		trust.Boards[0].Key = ledgertest.Spec("root")
		mustAudit(t, auditorOf(t, newSwitchboard(t, honest), trust))
	})
	t.Run("another network's founding", func(t *testing.T) {
		trust := trustIn(t, r)
		trust.Origin = ledgertest.Name + "/0123456789abcdef"
		s := honest.refolded(func(es []license.Entry) []license.Entry { return es })
		s.origin = trust.Origin
		mustAlarm(t, auditorOf(t, newSwitchboard(t, s), trust), "makes network "+r.Head().Origin)
	})
}

// A store whose program takes any signature, and cosigns what it wrote.
func TestStoreThatChecksNoSignature(t *testing.T) {
	r := ledgertest.NewLax(t)
	id := r.Issue("041000001", license.Name{Given: "Mara", Family: "Voss"}, "2026-05-31")
	r.Forged = true
	r.Discipline(id, license.AuthorityBarred, license.OrderDocument{Entity: "Nobody", Text: "Forged."}, "2026-01-10")
	mustAlarm(t, auditorOf(t, newSwitchboard(t, siteOf(t, r)), trustIn(t, r)),
		"(license.discipline, license us-il.nurse.041000001, block 2 of 2026-01-10T12:02:00Z) is false: the signature of officer/us-il/clerk does not hold")
}

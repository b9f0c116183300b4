package ledger_test

import (
	"fmt"
	"testing"

	"licet/internal/ledger"
	"licet/internal/ledgertest"
	"licet/license"
	"licet/proof"
	"licet/tx"
)

// BenchmarkBlock measures blocks of 500 renewals, each a payload of its own, over
// 20,000 licenses, without signature checks. Figures on a disk, beside
// peers, are in docs/performance.md.
func BenchmarkBlock(b *testing.B) {
	const licenses, acts = 20_000, 500
	l, err := ledger.Open(b.TempDir(), ledger.Options{Verify: func(tx.Signature, []byte) error { return nil }})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	r := ledgertest.Found(b, l, ledgertest.Name)
	for i := 0; i < licenses; i += acts {
		var issues []license.Act
		for j := i; j < i+acts; j++ {
			issues = append(issues, &license.LicenseIssue{
				License: fmt.Sprintf("us-il.nurse.041%06d", j), Licensee: r.ID(), Subject: license.SubjectPerson, Route: "examination",
				Issued: "2020-06-01", From: "2024-06-01", Through: "2026-05-31",
			})
		}
		r.Act(nil, []string{"clerk"}, issues...)
	}
	n := 0
	for b.Loop() {
		b.StopTimer()
		var txs [][]byte
		for range acts {
			i, round := n*7919%licenses, int64(n/licenses)
			n++
			day := license.Day("2026-06-01").Add(int(round) * 10)
			txs = append(txs, r.Sign(false, []license.Act{&license.LicenseRenew{
				License: fmt.Sprintf("us-il.nurse.041%06d", i), Count: round + 1, From: day, Through: day.Add(9),
			}}, nil, "clerk"))
		}
		b.StartTimer()
		for _, o := range r.Block(txs...) {
			if o.Code != "" {
				b.Fatal(o.Refusal())
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/1000/float64(b.N*acts), "µs/act")
}

// BenchmarkBundle measures making and verifying bundles of one license of two.
func BenchmarkBundle(b *testing.B) {
	r := ledgertest.New(b)
	id := r.Issue("041000001", annLee, "2026-05-31")
	r.Issue("041000002", annLee, "2026-05-31")
	noteBytes, trust := note(b, r), r.Trust()
	s, err := r.State()
	if err != nil {
		b.Fatal(err)
	}
	defer s.Release()
	for name, write := range map[string]func(kind, id string, note []byte) ([]byte, error){"standing": s.StandingBundle, "history": s.HistoryBundle} {
		bundle, err := write(license.KindLicense, id, noteBytes)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name+"/write", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := write(license.KindLicense, id, noteBytes); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/verify", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := proof.Verify(bundle, trust, proof.Question{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkImport measures rows of a file that bring licenses in, each with a name
// and a city, 200 a payload and 1,000 a block, without signature checks.
func BenchmarkImport(b *testing.B) {
	const acts, payloads = 200, 5
	l, err := ledger.Open(b.TempDir(), ledger.Options{Verify: func(tx.Signature, []byte) error { return nil }})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	r := ledgertest.Found(b, l, ledgertest.Name)
	file, n := license.HashOf([]byte("a file")), 0
	for b.Loop() {
		b.StopTimer()
		var txs [][]byte
		for range payloads {
			var rows []license.Act
			var openings []license.Opening
			for range acts {
				n++
				name, nameRef := r.Opening(license.OpeningName, license.Name{Family: fmt.Sprintf("Sample-%d", n), Given: "Ann"})
				city, cityRef := r.Opening(license.OpeningCity, "Cairo")
				openings = append(openings, name, city)
				rows = append(rows, &license.ImportAssert{
					License: fmt.Sprintf("us-il.nurse.041%06d", n), File: file, Row: int64(n), Day: "2025-12-31",
					Licensee: r.ID(), Subject: license.SubjectPerson, Issued: "2020-06-01",
					Changes:  []license.Change{{Do: license.DoTerm, From: "2024-06-01", Through: "2026-05-31"}},
					Openings: []license.OpeningRef{nameRef, cityRef}, From: "2024-06-01",
				})
			}
			txs = append(txs, r.Sign(false, rows, openings, "clerk"))
		}
		b.StartTimer()
		for _, o := range r.Block(txs...) {
			if o.Code != "" || len(o.Refused) > 0 {
				b.Fatal(o)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/1000/float64(b.N*acts*payloads), "µs/act")
}

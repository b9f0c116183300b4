package main

import (
	"time"

	"licet/license"
	"licet/proof"
	"licet/strict"
	"licet/tx"
)

// Offline verification on one core, beside what the signature checks in a bundle
// would take alone.

func verifyBundles(b *bench) {
	x := loadLedger(b, keysPerIssue*size(b, 20_000, 2_000), func(tx.Signature, []byte) error { return nil })
	defer func() { check(x.l.Close()) }()
	s := newServer(x)
	for range size(b, 200, 20) {
		s.block()
	}
	trust := trustOf(x.l.Head())
	var standing, history, alone, signatures series
	for range b.runs {
		d := size(b, 2*time.Second, 500*time.Millisecond)
		single := verificationsPerSecond(d / 4)
		rate, _ := s.verify(d, trust, false)
		standing, alone = append(standing, rate), append(alone, single)
		rate, n := s.verify(d, trust, true)
		history, signatures = append(history, rate), append(signatures, n)
	}
	row("standing bundles verified, one core", standing, "/s", "")
	row("  ratio to their signature checks alone (one cosignature)", standing.over(alone), "", "≥ 0.6")
	row("history bundles verified, one core", history, "/s", "")
	row("  signatures in one", signatures, "", "")
	row("  ratio to their signature checks alone", history.over(alone.over(signatures)), "", "≥ 0.6")
}

// verify checks bundles of several licenses for a while.
func (s *server) verify(d time.Duration, trust proof.Trust, history bool) (rate, signatures float64) {
	var bundles [][]byte
	for i := range 50 {
		b := s.bundle(license.KindLicense, licenseID(i*31), history)
		bundles = append(bundles, b)
		signatures += float64(signaturesIn(b)) / 50
	}
	n, began := 0, time.Now()
	for ; time.Since(began) < d; n++ {
		v := must(proof.Verify(bundles[n%len(bundles)], trust, proof.Question{}))
		if v.Found != proof.FoundPresent {
			panic(v.Found)
		}
		for _, e := range v.Entries {
			if e.Carried != proof.CarriedSigned {
				panic(e.Why)
			}
		}
	}
	return perSecond(n, time.Since(began)), signatures
}

// signaturesIn counts the signatures that verifying must check: one cosignature,
// and those of every payload.
func signaturesIn(bundle []byte) int {
	u := must(proof.ParseBundle(bundle))
	n := 1
	for _, p := range u.Payloads {
		n += signaturesOf(p.Signatures)
	}
	return n
}

func signaturesOf(list []byte) int {
	var ss []tx.Signature
	check(strict.Decode(list, &ss, tx.TransactionBytesMax))
	return len(ss)
}

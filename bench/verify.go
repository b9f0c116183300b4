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
	x := loadLedger(b, keysPerIssue*size(b, 20_000, 2_000))
	defer func() { check(x.l.Close()) }()
	s := newServer(x)
	for range size(b, 200, 20) {
		s.block()
	}
	trust := trustOf(x.l.Head())
	for _, kind := range []struct {
		name    string
		history bool
	}{{"standing", false}, {"history", true}} {
		var rate, ratio, signatures series
		for range b.runs {
			r := s.verify(size(b, 2*time.Second, 500*time.Millisecond), trust, kind.history)
			rate, ratio, signatures = append(rate, r.rate), append(ratio, r.ratio), append(signatures, r.signatures)
		}
		row(kind.name+" bundles verified, one core", rate, "/s", "")
		row("  signatures in one", signatures, "", "")
		row("  ratio to these signature checks alone", ratio, "", "≥ 0.6")
	}
}

type verified struct{ rate, ratio, signatures float64 }

// verify checks bundles of several licenses for a while; after each it checks as
// many plain signatures as the bundle holds.
func (s *server) verify(d time.Duration, trust proof.Trust, history bool) verified {
	var bundles [][]byte
	var signatures []int
	for i := range 50 {
		b := s.bundle(license.KindLicense, licenseID(i*31), history)
		bundles, signatures = append(bundles, b), append(signatures, signaturesIn(b))
	}
	var bundled, alone time.Duration
	var n, signed int
	for ; bundled+alone < d; n++ {
		began := time.Now()
		v := must(proof.Verify(bundles[n%len(bundles)], trust, proof.Question{}))
		bundled += time.Since(began)
		if v.Found != proof.FoundPresent {
			panic(v.Found)
		}
		for _, e := range v.Entries {
			if e.Carried != proof.CarriedSigned {
				panic(e.Why)
			}
		}
		k := signatures[n%len(signatures)]
		alone += verifyPlain(k)
		signed += k
	}
	return verified{perSecond(n, bundled), alone.Seconds() / bundled.Seconds(), float64(signed) / float64(n)}
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

package main

import (
	"crypto/ed25519"
	"os"
	"time"
)

// yardstick measures the machine: what everything else is read against.
func yardstick(b *bench) {
	var verified, synced series
	for range b.runs {
		verified = append(verified, verificationsPerSecond(size(b, 500*time.Millisecond, 100*time.Millisecond)))
		synced = append(synced, syncMicroseconds(b, size(b, 200, 50)))
	}
	row("ed25519 verifications on one core", verified, "/s", "")
	row("append of 4 KiB and fsync", synced, "µs", "")
}

// showYardstick measures the machine once more, beside figures that have a goal in
// milliseconds or acts.
func (b *bench) showYardstick() {
	row("yardstick: ed25519 verifications on one core", series{verificationsPerSecond(200 * time.Millisecond)}, "/s", "")
}

// verificationsPerSecond verifies one signature over and over, on one core.
func verificationsPerSecond(d time.Duration) float64 {
	var n int
	var took time.Duration
	for took < d {
		took += verifyPlain(50)
		n += 50
	}
	return perSecond(n, took)
}

var plain = func() (p struct {
	key          ed25519.PublicKey
	message, sig []byte
},
) {
	key := seedKey("yardstick")
	p.message = make([]byte, 300)
	p.key, p.sig = key.Public().(ed25519.PublicKey), ed25519.Sign(key, p.message)
	return p
}()

// verifyPlain verifies a signature n times.
func verifyPlain(n int) time.Duration {
	began := time.Now()
	for range n {
		if !ed25519.Verify(plain.key, plain.message, plain.sig) {
			panic("a good signature does not verify")
		}
	}
	return time.Since(began)
}

func syncMicroseconds(b *bench, times int) float64 {
	f := must(os.Create(b.store("fsync")))
	defer func() { _ = f.Close() }()
	page := make([]byte, 4096)
	began := time.Now()
	for range times {
		must(f.Write(page))
		check(f.Sync())
	}
	return float64(time.Since(began).Microseconds()) / float64(times)
}

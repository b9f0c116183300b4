package sim

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"

	"licet/license"
	"licet/strict"
	"licet/tx"
)

// bend changes one thing in an act, at any depth: what a careless or hostile client
// might send, in the right form.
func bend(rng *rand.Rand, a license.Act) {
	v := reflect.ValueOf(a).Elem()
	bendValue(rng, v.Field(1+rng.IntN(v.NumField()-1))) // the first is the verb
}

var oddTexts = []string{
	"", "x", "US-IL", "us-il", "us-zz", "us-il/clerk", "us-wi/ghost", "us-il.nurse.041000001", "us-il.nurse.x", "us-il.baker.1",
	"00000000000000000000000000000000", "import", "hidden", "name", "order", "license.fly", "license.*", "director", "9", "a|+", "#+",
	"ed25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "test/other",
}

func bendValue(rng *rand.Rand, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(bentText(rng, v))
	case reflect.Int64:
		v.SetInt([]int64{0, -1, 1, v.Int() + 1, v.Int() - 1, 1 << 50}[rng.IntN(6)])
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Array:
		v.SetZero()
		v.Index(0).SetUint(uint64(rng.IntN(2)))
	case reflect.Pointer:
		v.SetZero()
	case reflect.Struct:
		bendValue(rng, v.Field(rng.IntN(v.NumField())))
	case reflect.Slice:
		bendSlice(rng, v)
	}
}

func bentText(rng *rand.Rand, v reflect.Value) string {
	switch v.Interface().(type) {
	case license.Day:
		return []string{"1600-01-01", "9999-12-31", "2026-01-10", ""}[rng.IntN(4)]
	case license.Instant:
		return []string{"1600-01-01T00:00:00Z", "9999-12-31T23:59:59Z"}[rng.IntN(2)]
	}
	return oddTexts[rng.IntN(len(oddTexts))]
}

func bendSlice(rng *rand.Rand, v reflect.Value) {
	n := v.Len()
	switch k := rng.IntN(5); {
	case n == 0:
	case k == 0:
		v.SetZero()
	case k == 1:
		v.Set(reflect.Append(v, v.Index(n-1)))
	case k == 2:
		for range 420 { // more than any list may hold
			v.Set(reflect.Append(v, v.Index(rng.IntN(n))))
		}
	default:
		c := reflect.MakeSlice(v.Type(), n, n) // not the original's elements
		reflect.Copy(c, v)
		bendValue(rng, c.Index(rng.IntN(n)))
		v.Set(c)
	}
}

// A trick makes of an honest payload one that must change nothing, or no more than
// its signers may.
type trick func(g *game, d *draft, t *tx.Transaction) []byte

var tricks = []trick{
	func(_ *game, _ *draft, t *tx.Transaction) []byte { // nobody signed
		t.Signatures = nil
		return t.Encode()
	},
	func(_ *game, _ *draft, t *tx.Transaction) []byte { // one signature is missing
		t.Signatures = t.Signatures[:max(len(t.Signatures)-1, 0)]
		return t.Encode()
	},
	func(g *game, d *draft, t *tx.Transaction) []byte { // another board's officers
		return g.signedBy(t, g.active(d, one(g, g.boards))...)
	},
	func(g *game, d *draft, t *tx.Transaction) []byte { // a key that is nobody's
		for i := range t.Signatures {
			t.Signatures[i] = tx.SignEd25519(t.Signatures[i].By, g.keys[g.newKey()], t.HeaderBytes)
		}
		return t.Encode()
	},
	func(g *game, d *draft, t *tx.Transaction) []byte { // officers who may not sign any more
		var by []signer
		for _, id := range g.officers[one(g, g.boards)] {
			var o license.Officer
			if d.Get(license.KindOfficer, id, &o) && (o.Status != "" || g.rng.IntN(4) == 0) {
				by = append(by, signer{"officer/" + id, o.Key})
			}
		}
		return g.signedBy(t, by...)
	},
	func(g *game, d *draft, t *tx.Transaction) []byte { // names without a right
		by := append(g.members(d), signer{"officer/us-il/ghost", g.newKey()}, signer{"board/us-il", g.newKey()})
		return g.signedBy(t, by[g.rng.IntN(len(by))])
	},
	func(g *game, d *draft, t *tx.Transaction) []byte { // a true signature under another name
		return poisoned(g, t)
	},
	func(g *game, _ *draft, t *tx.Transaction) []byte { // a passkey on a page that is not its member's
		for i, s := range t.Signatures {
			t.Signatures[i], _ = g.signature(s.By, string(s.Key), t.HeaderBytes, one(g, wrongPages))
		}
		return t.Encode()
	},
	func(g *game, _ *draft, t *tx.Transaction) []byte { // a false signature
		if n := len(t.Signatures); n > 0 {
			t.Signatures[n-1].Sig[g.rng.IntN(64)] ^= 1
		}
		return t.Encode()
	},
	func(g *game, _ *draft, t *tx.Transaction) []byte {
		return g.again(t, func(h *tx.Header) { h.SignedAt, h.NotAfter = h.SignedAt.AddSeconds(-9000), h.SignedAt.AddSeconds(-10) })
	},
	func(g *game, _ *draft, t *tx.Transaction) []byte {
		return g.again(t, func(h *tx.Header) {
			h.SignedAt, h.NotAfter = h.SignedAt.AddSeconds(864000), h.SignedAt.AddSeconds(950400)
		})
	},
	func(g *game, _ *draft, t *tx.Transaction) []byte {
		return g.again(t, func(h *tx.Header) { h.Origin = one(g, []string{networkName, "test/other/0123456789abcdef"}) })
	},
	func(g *game, _ *draft, t *tx.Transaction) []byte {
		return g.again(t, func(h *tx.Header) { h.NotAfter = h.SignedAt.AddSeconds(91 * 86400) })
	},
	func(g *game, _ *draft, t *tx.Transaction) []byte {
		return g.again(t, func(h *tx.Header) { h.V = 2 })
	},
	func(g *game, _ *draft, t *tx.Transaction) []byte { // other acts than were signed
		slices.Reverse(t.ActBytes)
		if len(t.ActBytes) == 1 {
			t.ActBytes = append(t.ActBytes, t.ActBytes[0])
		}
		return t.Encode()
	},
	func(g *game, _ *draft, t *tx.Transaction) []byte { // openings that do not fit
		switch {
		case len(t.Openings) == 0:
			o, _ := g.opening(license.OpeningCity, []byte("Nowhere"))
			t.Openings = append(t.Openings, o)
		case g.rng.IntN(2) == 0:
			t.Openings = t.Openings[1:]
		default:
			t.Openings[0].Salt = make([]byte, 31)
		}
		return t.Encode()
	},
	func(g *game, _ *draft, t *tx.Transaction) []byte { // more hands than there are
		for range []int{1, 65}[g.rng.IntN(2)] {
			if len(t.Signatures) > 0 {
				t.Signatures = append(t.Signatures, t.Signatures[0])
			}
		}
		return t.Encode()
	},
	func(g *game, _ *draft, t *tx.Transaction) []byte { return spoiled(g.rng, t.Encode()) },
	func(g *game, _ *draft, t *tx.Transaction) []byte { // far too long
		return append(t.Encode(), bytes.Repeat([]byte(" "), tx.TransactionBytesMax)...)
	},
	func(g *game, d *draft, _ *tx.Transaction) []byte { // the founding comes a second time
		a := &license.NetworkFound{Name: networkName, Chain: "sim", Time: start, Rules: 1}
		return g.signedBy(tx.New(g.origin, true, d.now, 600, []license.Act{a}, nil), g.members(d)...)
	},
}

// poisoned is the payload with a true signature put under another name, as anybody
// can who passes it on.
func poisoned(g *game, t *tx.Transaction) []byte {
	c := *t
	c.Signatures = slices.Clone(t.Signatures)
	if n := len(c.Signatures); n > 0 {
		c.Signatures[g.rng.IntN(n)].By = one(g, []string{"officer/us-wi/clerk", "officer/us-il/director", "board/us-il", "member/il"})
	}
	return c.Encode()
}

func (g *game) signedBy(t *tx.Transaction, by ...signer) []byte {
	t.Signatures = nil
	g.sign(t, by)
	return t.Encode()
}

// again changes the header and lets the same people sign it anew.
func (g *game) again(t *tx.Transaction, change func(*tx.Header)) []byte {
	change(&t.Header)
	t.HeaderBytes = strict.Encode(&t.Header)
	for i, s := range t.Signatures {
		t.Signatures[i], _ = g.signature(s.By, string(s.Key), t.HeaderBytes, desk)
	}
	return t.Encode()
}

// spoiled damages bytes.
func spoiled(rng *rand.Rand, b []byte) []byte {
	switch rng.IntN(5) {
	case 0:
		return b[:rng.IntN(len(b))]
	case 1:
		return append(b, '\n')
	case 2:
		return []byte(strings.Replace(string(b), `,"acts":`, `, "acts":`, 1))
	case 3:
		return []byte(strings.Replace(string(b), `"v":1`, `"v":1,"v":1`, 1))
	}
	b[rng.IntN(len(b))] ^= byte(1 << rng.IntN(8))
	return b
}

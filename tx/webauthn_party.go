package tx

import (
	"bytes"
	"crypto/sha256"
	"strings"
)

// RelyingParty says from which pages a member takes passkey signatures. It stands in the member's
// record and changes by act.
type RelyingParty struct {
	ID          string   // the domain to which passkeys are bound: "board.example"
	Origins     []string // pages that may ask, compared exactly: "https://board.example"
	AllowSynced bool     // take passkeys that may be copied to other devices
}

const (
	relyingPartyIDMax = 253
	originMax         = 300
	originsMax        = 16
)

// Validate checks what an act would put into a member's record: an id that is a domain, and origins
// in the writing that browsers use, each on that domain or below it. A refusal is a *SignatureError.
func (rp RelyingParty) Validate() error {
	if len(rp.ID) > relyingPartyIDMax || !isDomain(rp.ID) {
		return refuseSig(SigRelyingParty, "the relying party's id must be a domain in lower case, like board.example; an IP address cannot hold passkeys")
	}
	if len(rp.Origins) == 0 || len(rp.Origins) > originsMax {
		return refuseSig(SigOrigin, "a relying party names 1 to 16 origins")
	}
	for _, o := range rp.Origins {
		if !rp.owns(o) {
			return refuseSig(SigOrigin, "origin "+quoteShort(o)+" must be https://HOST[:PORT] with HOST the relying party's id or below it; http is for localhost only")
		}
	}
	return nil
}

// owns reports whether a passkey bound to rp may be used on pages of the origin.
func (rp RelyingParty) owns(origin string) bool {
	if len(origin) > originMax {
		return false
	}
	scheme, place, ok := strings.Cut(origin, "://")
	host, port, hasPort := strings.Cut(place, ":")
	if !ok || !isDomain(host) || hasPort && !plainPort(scheme, port) {
		return false
	}
	local := host == "localhost" || strings.HasSuffix(host, ".localhost")
	return (scheme == "https" || scheme == "http" && local) && (host == rp.ID || strings.HasSuffix(host, "."+rp.ID))
}

// plainPort reports whether a port is written as a browser would: digits without leading zero, and
// not the scheme's default.
func plainPort(scheme, p string) bool {
	digits := p != "" && len(p) <= 5 && strings.Trim(p, "0123456789") == "" && p[0] != '0'
	return digits && !(scheme == "https" && p == "443" || scheme == "http" && p == "80")
}

// isDomain reports whether host is a lower-case DNS name that is not an IPv4 address.
func isDomain(host string) bool {
	labels := strings.Split(host, ".")
	for _, l := range labels {
		if l == "" || len(l) > 63 || strings.Trim(l, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || l[0] == '-' || l[len(l)-1] == '-' {
			return false
		}
	}
	last := labels[len(labels)-1]
	return strings.Trim(last, "0123456789") != ""
}

func quoteShort(s string) string {
	if len(s) > 80 {
		s = s[:80] + "…"
	}
	return `"` + strings.ToValidUTF8(s, "�") + `"`
}

// CheckRelyingParty checks that a passkey signature was made for and on the pages of rp. It does not
// repeat Verify. An ed25519 signature knows no pages and passes. A refusal is a *SignatureError.
func (s Signature) CheckRelyingParty(rp RelyingParty) error {
	if strings.HasPrefix(string(s.Key), SchemeEd25519+":") {
		return nil
	}
	if rp.ID == "" {
		return refuseSig(SigRelyingParty, "this member takes no passkeys: its record names no relying party")
	}
	id := sha256.Sum256([]byte(rp.ID))
	if len(s.AuthenticatorData) < authenticatorDataMin || !bytes.Equal(s.AuthenticatorData[:32], id[:]) {
		return refuseSig(SigRelyingParty, "the passkey is bound to another domain than "+quoteShort(rp.ID))
	}
	if err := rp.checkOrigin(s.ClientData); err != nil {
		return err
	}
	if s.AuthenticatorData[32]&flagBackupEligible != 0 && !rp.AllowSynced {
		return refuseSig(SigBackup, "the passkey can be copied to other devices, which this member does not allow; use one bound to a device")
	}
	return nil
}

// checkOrigin follows WebAuthn's limited verification algorithm: origin, then crossOrigin false or
// nothing (browsers of the first level leave it out), then whatever later levels add.
func (rp RelyingParty) checkOrigin(clientData []byte) error {
	_, rest, ok := cutClientData(clientData)
	if !ok {
		return refuseSig(SigClientData, "client_data must be the browser's clientDataJSON of a webauthn.get, byte for byte, at most 2048 bytes")
	}
	for _, origin := range rp.Origins {
		// JSON would escape these, so an origin that holds them could match across the closing quote.
		if strings.ContainsFunc(origin, func(r rune) bool { return r < 0x20 || r == '"' || r == '\\' }) {
			continue
		}
		if after, ok := bytes.CutPrefix(rest, []byte(origin+`"`)); ok {
			return sameOrigin(after)
		}
	}
	return refuseSig(SigOrigin, "the passkey signed on a page that the member does not name among its origins")
}

func sameOrigin(after []byte) error {
	if string(after) == "}" {
		return nil
	}
	after, ok := bytes.CutPrefix(after, []byte(`,"crossOrigin":false`))
	if !ok {
		return refuseSig(SigCrossOrigin, "the passkey signed in a frame inside another site's page, or the browser does not say that it did not")
	}
	if string(after) != "}" && !bytes.HasPrefix(after, []byte(",")) {
		return refuseSig(SigClientData, "client_data is malformed after crossOrigin")
	}
	return nil
}

package proof

import (
	"crypto/ed25519"
	"encoding/base64"
	"strings"

	"licet/license"
	"licet/strict"
	"licet/tx"
)

// A MemberSet is the map record of kind "members", id "set". A trust file says
// of it what checking cosignatures needs.
type MemberSet = license.MemberSet

// A Member is one agency of a MemberSet.
type Member = license.Member

// maxMemberSetBytes bounds the map record's value.
const maxMemberSetBytes = 1 << 20

// ParseMemberSet reads the value of the map record. It checks the writing;
// whether a trust can be made of it, Succeed tells.
func ParseMemberSet(value []byte) (MemberSet, error) {
	var ms MemberSet
	if err := strict.Decode(value, &ms, maxMemberSetBytes); err != nil {
		return MemberSet{}, flawf("member-set", "member set: %v", err)
	}
	return ms, nil
}

// CheckMember checks what one member brings into a set: name, URL and keys, but
// not its root key. An observer, without weight, needs none of these keys. That
// keys and names differ between members, only a check of the whole set can see:
// a set is fit when TrustOf(origin, set, nil).Check() finds nothing.
func CheckMember(m Member) error {
	if m.Weight < 0 || m.Weight > maxWeight {
		return flawf("trust-weight", "member %s: weight %d is not a number from 0 to 2^53-1", m.ID, m.Weight)
	}
	if m.Weight == 0 {
		return nil
	}
	seen := map[string]string{}
	t := TrustMember{Name: m.ID, VKey: m.Cosign, Weight: m.Weight, URL: m.URL}
	if err := t.check(seen); err != nil {
		return err
	}
	if m.Log != "" {
		if err := checkTrustVKey(LogVKey("network/0000000000000000", m.Log), KeyLog, "log of "+m.ID, seen); err != nil {
			return err
		}
	}
	return checkValidatorKey(m, seen)
}

func checkValidatorKey(m Member, seen map[string]string) error {
	if len(m.Validator) != base64.StdEncoding.EncodedLen(ed25519.PublicKeySize) {
		return flawf("public-key", "member %s: the validator key is not the base64 of 32 bytes", m.ID)
	}
	key, err := parseBase64(m.Validator)
	if err == nil {
		err = tx.CheckEd25519(key)
	}
	if err != nil {
		return flawf("public-key", "member %s: the validator key: %v", m.ID, err)
	}
	if whose, ok := seen[string(key)]; ok {
		return flawf("trust-duplicate", "member %s: the validator key is also the key of %s; each key has one use", m.ID, whose)
	}
	return nil
}

// LogVKey makes the verifier key of a member's log key, "ed25519:" and base64 of
// the 32 bytes. Its name is the origin, which holds the founding payload's hash:
// so the record, which the founding payload brings, cannot hold it whole. A key
// that cannot be read gives a verifier key that is none.
func LogVKey(origin, key string) string {
	raw, err := base64.StdEncoding.Strict().DecodeString(strings.TrimPrefix(key, "ed25519:"))
	if err != nil || !strings.HasPrefix(key, "ed25519:") {
		return key
	}
	return VKey{Name: origin, Type: KeyLog, Key: raw}.String()
}

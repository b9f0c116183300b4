package proof

import (
	"encoding/base64"

	"licet/license"
)

// A MemberSet is the map record of kind "members", id "set".
type MemberSet = license.MemberSet

// A Member is one agency of a MemberSet.
type Member = license.Member

// CheckMember checks the form of a member's keys, as a trust file over its set
// would need them. An observer, without weight, needs none but its root.
func CheckMember(m Member) error {
	if m.Weight == 0 {
		return nil
	}
	if key, err := base64.StdEncoding.Strict().DecodeString(m.Validator); err != nil || len(key) != 32 {
		return flawf("member_validator", "the validator key is not the base64 of 32 bytes")
	}
	if err := checkTrustVKey(m.Cosign, KeyCosign, "member "+m.ID, map[string]string{}); err != nil {
		return err
	}
	if m.Log != "" {
		return checkTrustVKey(m.Log, KeyLog, "member "+m.ID, map[string]string{})
	}
	return nil
}

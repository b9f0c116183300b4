package tx

// Codes of a SignatureError. They are part of the specification and never change their meaning.
const (
	SigBadForm          = "bad-form"          // a member's size, shape or presence
	SigBadKey           = "bad-key"           // not a key in its one encoding
	SigSmallOrder       = "small-order"       // an Ed25519 key for which anyone can sign
	SigMixedOrder       = "mixed-order"       // an Ed25519 key outside the prime-order group
	SigHighS            = "high-s"            // s is not the smaller of its two values
	SigBadSignature     = "bad-signature"     // the equation does not hold
	SigClientData       = "client-data"       // clientDataJSON is not a webauthn.get in the standard's writing
	SigChallenge        = "challenge"         // the passkey signed another header
	SigFlags            = "flags"             // the authenticator's flags contradict each other or the size
	SigUserPresence     = "user-presence"     // nobody touched the authenticator
	SigUserVerification = "user-verification" // no PIN, no biometric
	SigRelyingParty     = "relying-party"     // made for another domain
	SigOrigin           = "origin"            // made on a page that the member does not name
	SigCrossOrigin      = "cross-origin"      // made in a frame inside another site's page
	SigBackup           = "backup"            // a synced passkey where the member takes none
)

// SignatureError says why a key or signature is refused: Code for machines, Reason for people.
type SignatureError struct {
	Code   string
	Reason string
}

func (e *SignatureError) Error() string { return "signature refused (" + e.Code + "): " + e.Reason }

func refuseSig(code, reason string) error { return &SignatureError{Code: code, Reason: reason} }

package tx

import (
	"crypto/sha256"
	"strconv"
)

// headerType is what a signature says that it signs. It is part of the signed bytes, so a signature
// over a header can never be taken for one over anything else.
const headerType = "application/vnd.licet.header+json"

// PAE returns the bytes that a signature over a header covers: the pre-authentication encoding of
// DSSE version 1 with the type application/vnd.licet.header+json.
func PAE(headerBytes []byte) []byte {
	b := make([]byte, 0, len("DSSEv1 33 ")+len(headerType)+len(" 1048576 ")+len(headerBytes))
	b = append(b, "DSSEv1 "...)
	b = strconv.AppendInt(b, int64(len(headerType)), 10)
	b = append(b, " "+headerType+" "...)
	b = strconv.AppendInt(b, int64(len(headerBytes)), 10)
	b = append(b, ' ')
	return append(b, headerBytes...)
}

// Challenge returns the 32 bytes that a passkey is asked to sign for a header: SHA-256 of its PAE.
func Challenge(headerBytes []byte) [sha256.Size]byte {
	return sha256.Sum256(PAE(headerBytes))
}

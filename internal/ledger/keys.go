package ledger

import (
	"encoding/binary"

	"licet/license"
)

// The store's keys, by their first byte. The trie has 'p' (package trie).
const (
	keyRecord     = 'r' // kind 0 id → the record's bytes
	keyEntry      = 'e' // index → the entry and the act that it records
	keyTile       = 'h' // band, n → hashes of the log's tree
	keyOfRecord   = 'x' // kind 0 id 0 index → nothing: the entries about a record
	keyAbout      = 'a' // license id 0 index → nothing: the entries that record facts about a license
	keyPayload    = 'P' // header hash, signatures hash → what is kept of a payload for ever
	keyOpening    = 'o' // commitment → opening
	keyForget     = 'F' // commitment → height: its opening was deleted, and stands in files yet
	keyOutcome    = 'O' // transaction hash → outcome, or the key of the payload that was recorded; kept for OutcomeDays
	keyOutcomeAge = 'u' // legal seconds, height → transaction hashes: for pruning outcomes
	keyCheckpoint = 'c' // height → what a checkpoint says of the state after it
	keyNote       = 'n' // height → cosigned note
	keyStep       = 's' // set, height → what proves that the block brought the member set; see trail.go
	keyDue        = 'd' // board 0 day license id → nothing: something may be due for it; alone: these keys are complete
	keyLinked     = 'l' // license id 0 other id → nothing: a link of the two was signed once; complete when the key above is there
	keyHead       = 'm' // → the newest state
)

func key(prefix byte, parts ...[]byte) []byte {
	k := []byte{prefix}
	for _, p := range parts {
		k = append(k, p...)
	}
	return k
}

func u64(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

func recordKey(kind, id string) []byte {
	k := make([]byte, 0, 2+len(kind)+len(id))
	k = append(k, keyRecord)
	k = append(k, kind...)
	k = append(k, 0)
	return append(k, id...)
}

func entryKey(index int64) []byte { return key(keyEntry, u64(index)) }

func ofRecordPrefix(kind, id string) []byte {
	return key(keyOfRecord, []byte(kind), []byte{0}, []byte(id), []byte{0})
}

func aboutPrefix(license string) []byte { return key(keyAbout, []byte(license), []byte{0}) }

func linkedPrefix(license string) []byte { return key(keyLinked, []byte(license), []byte{0}) }

func tileKey(band int, n int64) []byte {
	return append([]byte{keyTile, byte(band)}, u64(n)...)
}

func payloadKey(header, signatures license.Hash) []byte {
	return key(keyPayload, header[:], signatures[:])
}

// after returns the first key that does not start with prefix.
func after(prefix []byte) []byte {
	k := append([]byte(nil), prefix...)
	for i := len(k) - 1; i >= 0; i-- {
		if k[i]++; k[i] != 0 {
			return k[:i+1]
		}
	}
	return nil
}

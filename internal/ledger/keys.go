package ledger

import (
	"encoding/binary"

	"licet/license"
)

// The store's keys, by their first byte. The trie has 'p' (package trie).
const (
	keyRecord     = 'r' // kind 0 id → the record's bytes
	keyEntry      = 'e' // index → the entry's bytes
	keyHash       = 'h' // level, n → a hash of the log's tree
	keyOfRecord   = 'x' // kind 0 id 0 index → nothing: the entries about a record
	keyHeader     = 'H' // header hash → header
	keySignatures = 'S' // signatures hash → signatures
	keyAct        = 'A' // header hash, act number → act
	keyActHashes  = 'T' // header hash → leaf hashes of the payload's acts
	keyOpening    = 'o' // commitment → opening
	keyForget     = 'F' // commitment → height: its opening was deleted, and stands in files yet
	keyOutcome    = 'O' // transaction hash → outcome; kept for OutcomeDays
	keyPayload    = 'P' // header hash → outcome, of what was recorded
	keyOutcomeAge = 'u' // legal seconds, transaction hash → nothing: for pruning outcomes
	keyCheckpoint = 'c' // height → what a checkpoint says of the state after it
	keyNote       = 'n' // height → cosigned note
	keyStep       = 's' // set, height → what proves that the block brought the member set; see trail.go
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

func hashKey(level int, n int64) []byte {
	return append([]byte{keyHash, byte(level)}, u64(n)...)
}

func actKey(header license.Hash, n int64) []byte {
	return binary.BigEndian.AppendUint32(key(keyAct, header[:]), uint32(n))
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

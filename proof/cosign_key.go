package proof

import "sync"

// A knownKey is a verifier key that was read before, with its id.
type knownKey struct {
	VKey
	id uint32
}

// knownKeys remembers keys by their text: to read one is dear beside a signature's
// check, and verifiers meet the same few keys all the time.
var knownKeys = struct {
	sync.Mutex
	keys map[string]knownKey
}{keys: map[string]knownKey{}}

// knownKeysMax is how many keys are remembered; then they are forgotten together.
const knownKeysMax = 1000

// parseVKey is readVKey with a memory. Nobody may write into the key.
func parseVKey(s string) (knownKey, error) {
	knownKeys.Lock()
	k, known := knownKeys.keys[s]
	knownKeys.Unlock()
	if known {
		return k, nil
	}
	v, err := readVKey(s)
	if err != nil {
		return knownKey{VKey: v}, err
	}
	k = knownKey{v, v.ID()}
	knownKeys.Lock()
	defer knownKeys.Unlock()
	if len(knownKeys.keys) >= knownKeysMax {
		clear(knownKeys.keys)
	}
	knownKeys.keys[s] = k
	return k, nil
}

// Package check says whether a registry did what it must. It shares no code with
// the registry but the decoder: hashes, trees, the fold, authority, the effects of
// acts and standing are written a second time here, straight from what they mean,
// without a thought for speed. Where both agree on everything a simulation can
// think of, neither is wrong by itself.
package check

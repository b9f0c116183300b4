// Package digest turns a hash into six short words that two people can compare
// over the telephone: those who sign the same payload on two machines.
//
// A word stands for 16 bits and has five letters, consonants and vowels in turn:
// 4 bits choose the first consonant, 2 the vowel, 4 the next consonant, 2 the
// vowel, 4 the last consonant, most significant bits first. Six words hold the
// first 96 bits of the hash.
package digest

import "strings"

const (
	consonants = "bdfghjklmnprstvz"
	vowels     = "aiou"
	wordsCount = 6
)

// Words returns the six words of a hash, with spaces between them.
func Words(hash [32]byte) string {
	words := make([]string, wordsCount)
	for i := range words {
		words[i] = word(uint16(hash[2*i])<<8 | uint16(hash[2*i+1]))
	}
	return strings.Join(words, " ")
}

func word(n uint16) string {
	return string([]byte{
		consonants[n>>12],
		vowels[n>>10&3],
		consonants[n>>6&15],
		vowels[n>>4&3],
		consonants[n&15],
	})
}

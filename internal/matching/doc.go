// Package matching says which licenses somebody on a list could be: a list of people
// who are excluded from something, say, which holds no licenses. It compares what a
// list tells with what a search found, says why two could be one, and decides nothing:
// who it is, is for a person to say.
package matching

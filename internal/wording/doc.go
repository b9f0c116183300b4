// Package wording says what the registry answers in words that people read: dates
// and ages, the first line of every verdict, and a sentence for every entry. The
// pages, the API and the command line speak through it, so that they say the same.
package wording

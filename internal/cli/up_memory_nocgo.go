//go:build !cgo

package cli

// memoryWanted is in bytes, with the store's block cache and tables.
const memoryWanted = 704 << 20

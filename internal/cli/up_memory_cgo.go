//go:build cgo

package cli

// memoryWanted is in bytes. With cgo the store has its block cache and tables in
// memory, up to some 450 MiB, outside of what the runtime counts.
const memoryWanted = 320 << 20

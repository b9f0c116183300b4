package main

import (
	"os"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// awaits waits until a file is there, and holds a text: awaits FILE [TEXT].
func awaits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: awaits FILE [TEXT]")
	}
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	over := time.After(servesWithin)
	for {
		b, err := os.ReadFile(ts.MkAbs(args[0]))
		if err == nil && (len(args) == 1 || strings.Contains(string(b), args[1])) {
			return
		}
		select {
		case <-look.C:
		case <-over:
			ts.Fatalf("%s: %v\n%s", args[0], err, b)
		}
	}
}

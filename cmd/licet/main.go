// Licet is a license registry that state boards run together, and whose answers
// anyone can check.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"licet/internal/cli"
)

func main() {
	// The first signal stops in order; a second one ends the process at once.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	os.Exit(cli.Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

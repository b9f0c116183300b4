package keys

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"

	"golang.org/x/term"
)

// askTerminal asks at the process's terminal, also when standard input is a file or a pipe.
func askTerminal(prompt string) (string, error) {
	path := "/dev/tty"
	if runtime.GOOS == "windows" {
		path = "CONIN$"
	}
	if tty, err := os.OpenFile(path, os.O_RDWR, 0); err == nil {
		defer tty.Close()
		return askAt(tty, tty, prompt)
	}
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return "", ErrNoPassphrase
	}
	return askAt(os.Stdin, os.Stderr, prompt)
}

// askAt reads a line from the terminal in without echo.
func askAt(in, out *os.File, prompt string) (string, error) {
	fd := int(in.Fd())
	state, err := term.GetState(fd)
	if err != nil {
		return "", ErrNoPassphrase
	}
	defer restoreOnInterrupt(fd, state)()
	fmt.Fprint(out, prompt)
	line, err := term.ReadPassword(fd)
	fmt.Fprintln(out)
	if err != nil {
		return "", fmt.Errorf("keys: the passphrase was not read: %w", err)
	}
	return string(line), nil
}

// restoreOnInterrupt turns echo on again when the process is interrupted at the prompt: the shell
// would otherwise be left blind. The interrupt then takes its usual course.
func restoreOnInterrupt(fd int, state *term.State) (stop func()) {
	interrupted := make(chan os.Signal, 1)
	done := make(chan struct{})
	signal.Notify(interrupted, os.Interrupt)
	go func() {
		select {
		case s := <-interrupted:
			_ = term.Restore(fd, state)
			signal.Stop(interrupted)
			if self, err := os.FindProcess(os.Getpid()); err == nil {
				_ = self.Signal(s)
			}
		case <-done:
		}
	}()
	return func() { signal.Stop(interrupted); close(done) }
}

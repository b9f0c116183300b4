package keys

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// openPTY returns both ends of a new terminal: where a person types, and where the program asks.
func openPTY(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no terminals here:", err)
	}
	t.Cleanup(func() { person.Close() })
	number, err := unix.IoctlGetInt(int(person.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Skip("no terminals here:", err)
	}
	if err := unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Skip("no terminals here:", err)
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no terminals here:", err)
	}
	t.Cleanup(func() { program.Close() })
	return person, program
}

func TestTerminalDoesNotEcho(t *testing.T) {
	person, program := openPTY(t)
	var answer string
	var answerErr error
	done := make(chan struct{})
	go func() {
		answer, answerErr = askAt(program, program, "Passphrase: ")
		fmt.Fprintln(program, "end")
		close(done)
	}()
	// Everything that the person sees, up to the line "end".
	screen := bufio.NewReader(person)
	prompt := make([]byte, len("Passphrase: "))
	for i := range prompt {
		prompt[i], _ = screen.ReadByte()
	}
	waitForNoEcho(t, program)
	fmt.Fprintln(person, "a secret")
	seen := string(prompt)
	for !strings.Contains(seen, "end") {
		line, err := screen.ReadString('\n')
		if seen += line; err != nil {
			t.Fatal(err)
		}
	}
	<-done
	if answer != "a secret" || answerErr != nil {
		t.Errorf("read %q, %v", answer, answerErr)
	}
	if !strings.HasPrefix(seen, "Passphrase: ") || strings.Contains(seen, "secret") {
		t.Errorf("the screen showed %q", seen)
	}
	if !echoes(t, program) {
		t.Error("echo stays off")
	}
}

func echoes(t *testing.T, terminal *os.File) bool {
	t.Helper()
	state, err := unix.IoctlGetTermios(int(terminal.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	return state.Lflag&unix.ECHO != 0
}

func waitForNoEcho(t *testing.T, terminal *os.File) {
	t.Helper()
	for echoes(t, terminal) {
	}
}

func TestNoTerminal(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	if _, err := askAt(r, w, "?"); !errors.Is(err, ErrNoPassphrase) {
		t.Errorf("got %v", err)
	}
}

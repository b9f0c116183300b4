package main

import (
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
)

// Programs that the bench started end with it, also when it is interrupted or one of
// its parts breaks.
var processes struct {
	sync.Mutex
	running map[*exec.Cmd]bool
}

// start starts a command. The function that it returns kills it, and does nothing
// once it has ended and was waited for.
func start(c *exec.Cmd) (end func()) {
	check(c.Start())
	processes.Lock()
	defer processes.Unlock()
	if processes.running == nil {
		processes.running = map[*exec.Cmd]bool{}
	}
	processes.running[c] = true
	return func() {
		processes.Lock()
		defer processes.Unlock()
		if processes.running[c] {
			_ = c.Process.Kill() // an error says that it has ended
			delete(processes.running, c)
		}
	}
}

// onInterrupt lets an interrupted bench leave nothing behind.
func onInterrupt(b *bench) {
	told := make(chan os.Signal, 1)
	signal.Notify(told, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-told
		processes.Lock()
		for c := range processes.running {
			_ = c.Process.Kill()
		}
		_ = os.RemoveAll(b.dir)
		os.Exit(1)
	}()
}

//go:build js

// This program exports licetVerify(bundle, trust, day) to JavaScript: what a page
// needs to check a bundle offline. The test of its size builds it.
package main

import (
	"syscall/js"

	"licet/license"
	"licet/proof"
)

func main() {
	js.Global().Set("licetVerify", js.FuncOf(func(_ js.Value, args []js.Value) any {
		if len(args) != 3 {
			return "pass a bundle, a trust file and a day"
		}
		return verify(args[0].String(), args[1].String(), license.Day(args[2].String()))
	}))
	select {}
}

func verify(bundle, trust string, on license.Day) any {
	t, err := proof.ParseTrust([]byte(trust))
	if err != nil {
		return err.Error()
	}
	v, err := proof.Verify([]byte(bundle), t, proof.Question{On: on})
	if err != nil {
		return err.Error()
	}
	return map[string]any{
		"found": v.Found, "asOf": string(v.AsOf), "day": string(v.Standing.Day),
		"status": v.Standing.Primary, "authority": string(v.Standing.Authority),
	}
}

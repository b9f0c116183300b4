package sim

import (
	"flag"
	"testing"
)

var (
	actsFlag = flag.Int("sim.acts", 0, "acts to play; 0: a few seeds, 5,000 acts together, 500 with -short")
	seedFlag = flag.Uint64("sim.seed", 0, "the seed to play; 0: from 1 on")
)

// The same seed plays the same game, to the last byte.
func TestSameSeedSameGame(t *testing.T) {
	var reports [2]string
	for i := range reports {
		r, err := Run(Config{Seed: 9, Acts: 200})
		if err != nil {
			t.Fatal(err)
		}
		reports[i] = r.String()
	}
	if reports[0] != reports[1] {
		t.Errorf("one seed, two games:\n%s\n%s", reports[0], reports[1])
	}
}

// actsOfGame is how long one game is at most: many acts are many games, of seeds one
// after the other, since in a long game histories take all the time.
const actsOfGame = 10000

func TestSeeds(t *testing.T) {
	games := []Config{{1, 2000}, {2, 1000}, {3, 1000}, {4, 1000}, {5, 1000}}
	if testing.Short() {
		games = []Config{{1, 500}}
	}
	if *actsFlag > 0 || *seedFlag > 0 {
		games = nil
		for seed, left := max(*seedFlag, 1), max(*actsFlag, 1000); left > 0; seed, left = seed+1, left-actsOfGame {
			games = append(games, Config{seed, min(left, actsOfGame)})
		}
	}
	total := NewReport()
	for _, c := range games {
		r, err := Run(c)
		if err != nil {
			t.Fatal(err)
		}
		total.Add(r)
	}
	t.Log(total)
	if total.Passkeys == 0 {
		t.Error("nobody signed with a passkey")
	}
	if m := total.Missing(); len(m) > 0 && total.Acts >= 5000 {
		t.Errorf("never applied: %v", m)
	}
	if m := total.MissingOfContracts(); len(m) > 0 && total.Acts >= 5000 {
		t.Errorf("contracts never: %v", m)
	}
}

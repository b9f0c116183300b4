package importer

import (
	"bytes"
	"encoding/csv"
	"testing"
	"time"
)

// activeOnStreet counts licenses that hold on July 1, 2012 straight from the file,
// by another reader and without the registry.
func activeOnStreet(t *testing.T, file []byte) int {
	rows, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, c := range rows[0] {
		at[c] = i
	}
	date := func(r []string, column string) time.Time {
		d, _ := time.Parse("01/02/2006", r[at[column]])
		return d
	}
	on := time.Date(2012, 7, 1, 0, 0, 0, 0, time.UTC)
	active, ended := map[string]bool{}, map[string]bool{}
	for _, r := range rows[1:] {
		n, from, through := r[at["LICENSE NUMBER"]], date(r, "LICENSE TERM START DATE"), date(r, "LICENSE TERM EXPIRATION DATE")
		if from.IsZero() {
			from = date(r, "DATE ISSUED")
		}
		if !from.After(on) && !through.Before(on) {
			active[n] = true
		}
		if c := date(r, "LICENSE STATUS CHANGE DATE"); !c.IsZero() && !c.After(on) {
			ended[n] = true
		}
	}
	n := 0
	for l := range active {
		if !ended[l] {
			n++
		}
	}
	return n
}

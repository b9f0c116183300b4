package check

import "time"

// by is the officer as he stands at an instant: a recovery takes effect by itself.
func (o officer) by(now string) officer {
	if o.Next == nil || o.Next.From > now {
		return o
	}
	return officer{Title: o.Next.Title, Key: o.Next.Key, Roles: o.Next.Roles, Count: o.Count, Last: o.Last}
}

// recovers: from 7 to 90 days.
func (w *World) recovers(from string) bool {
	now, err := time.Parse(time.RFC3339, w.now)
	if err != nil {
		return false
	}
	at, err := time.Parse(time.RFC3339, from)
	return err == nil && !at.Before(now.Add(7*24*time.Hour)) && !at.After(now.Add(90*24*time.Hour))
}

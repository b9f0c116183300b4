package strict

import "testing"

type benchAct struct {
	Kind  string `json:"kind,required"`
	Start string `json:"start"`
	Days  int64  `json:"days"`
}

type benchHeader struct {
	Network string     `json:"network,required"`
	Member  string     `json:"member,required"`
	Height  int64      `json:"height"`
	Body    hash       `json:"body,required"`
	After   *hash      `json:"after"`
	Acts    []benchAct `json:"acts"`
	Urgent  bool       `json:"urgent"`
}

const benchText = `{"network":"licet-main","member":"us-co-medical","height":123456,` +
	`"body":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",` +
	`"after":"60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",` +
	`"acts":[{"kind":"suspend","start":"2026-05-31"},{"kind":"notify","days":30}],"urgent":true}`

func BenchmarkDecode(b *testing.B) {
	data := []byte(benchText)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	var v benchHeader
	for b.Loop() {
		if err := Decode(data, &v, 1<<20); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	var v benchHeader
	if err := Decode([]byte(benchText), &v, 1<<20); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(benchText)))
	b.ReportAllocs()
	for b.Loop() {
		Encode(&v)
	}
}

func BenchmarkValid(b *testing.B) {
	data := []byte(benchText)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if err := Valid(data); err != nil {
			b.Fatal(err)
		}
	}
}

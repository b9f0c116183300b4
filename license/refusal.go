package license

import "licet/phrase"

// A Refusal says why an act does not take place: a code for machines, a sentence
// for people, the rule it rests on. It is an outcome, never a failure of ours.
type Refusal struct {
	Code     string `json:"code"`
	Sentence string `json:"sentence"`
	Citation string `json:"citation"` // statute or section of docs/spec
}

// Error implements error.
func (r *Refusal) Error() string {
	if r.Citation == "" {
		return r.Sentence + " [" + r.Code + "]"
	}
	return r.Sentence + " [" + r.Code + "; " + r.Citation + "]"
}

func refuse(code, citation, format string, a ...any) *Refusal {
	return &Refusal{Code: code, Sentence: phrase.Sprintf(format, a...), Citation: citation}
}

// Refuse makes a refusal; rooms above use it for what they judge themselves.
func Refuse(code, citation, format string, a ...any) *Refusal {
	return refuse(code, citation, format, a...)
}

// Sections of the specification that refusals cite.
const (
	specActs      = "spec/acts"
	specAdoption  = "spec/adoption"
	specAuthority = "spec/authority"
	specTx        = "spec/transaction"
)

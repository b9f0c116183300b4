package api

import (
	"net/http"

	"licet/internal/answer"
	"licet/license"
)

// A ruleBody names the rule of a contract by which something was done, and what made it
// run.
type ruleBody struct {
	Contract  string       `json:"contract"`
	Version   int64        `json:"version,omitempty"`
	Amendment int64        `json:"amendment,omitempty"`
	Hash      string       `json:"hash,omitempty"` // of the edition that ran
	Function  string       `json:"function,omitempty"`
	Line      int64        `json:"line,omitempty"`
	Citation  string       `json:"citation,omitempty"`
	Day       license.Day  `json:"day,omitempty"`     // for which it ran
	Trigger   *triggerBody `json:"trigger,omitempty"` // absent: confidential
}

// A triggerBody is the entry that made a rule run. Of one that is not found there is the
// hash alone.
type triggerBody struct {
	Hash    string `json:"hash"`
	Index   *int64 `json:"index,omitempty"`
	Act     string `json:"act,omitempty"`
	License string `json:"license,omitempty"`
	Board   string `json:"board_name,omitempty"`
}

func ruleOf(r *answer.Rule) *ruleBody {
	if r == nil {
		return nil
	}
	b := &ruleBody{
		Contract: r.Contract, Version: r.Version, Amendment: r.Amendment, Function: r.Function, Line: r.Line, Citation: r.Citation, Day: r.Day,
	}
	if r.Hash != (license.Hash{}) {
		b.Hash = r.Hash.String()
	}
	if t := r.Trigger; t != nil {
		b.Trigger = &triggerBody{t.Hash.String(), &t.Index, t.Act, t.License, t.Board}
	} else if h := r.Cause.Trigger; h != (license.Hash{}) {
		b.Trigger = &triggerBody{Hash: h.String()}
	}
	return b
}

// An automaticBody is a change of a contract that counts on the day.
type automaticBody struct {
	Entry    string      `json:"entry"` // hash of the entry that records it
	From     license.Day `json:"from"`
	Order    string      `json:"order,omitempty"`
	Sentence string      `json:"sentence"`
	Rule     *ruleBody   `json:"rule"`
}

func automaticOf(l *answer.License) (out []automaticBody) {
	for i := range l.Automatic {
		x := &l.Automatic[i]
		out = append(out, automaticBody{x.Entry.String(), x.Effective, x.Order, x.Sentence, ruleOf(&x.Rule)})
	}
	return out
}

type noticeBody struct {
	ID       string      `json:"id"`
	License  string      `json:"license"`
	Day      license.Day `json:"day"`
	Contract string      `json:"contract"`
	Version  int64       `json:"version"`
	Code     string      `json:"code"`
	Words    string      `json:"words,omitempty"` // what the code means
	Citation string      `json:"citation"`
	Entry    string      `json:"entry"` // hash of the entry that records it
}

type noticesBody struct {
	Items []noticeBody `json:"items"`
	Next  string       `json:"next,omitempty"`
	AsOf  answer.AsOf  `json:"as_of"`
}

// notices answers what contracts want a board to be told, part by part.
func (a *API) notices(w http.ResponseWriter, r *http.Request) error {
	p, err := a.answers.Notices(r.PathValue("id"), r.FormValue("after"))
	if err != nil {
		return err
	}
	b := noticesBody{Items: []noticeBody{}, Next: p.Next, AsOf: p.AsOf}
	for _, n := range p.Items {
		b.Items = append(b.Items, noticeBody{n.ID, n.License, n.Day, n.Contract, n.Version, n.Code, n.Words, n.Citation, n.Last.String()})
	}
	return sendTaggedJSON(w, r, &b)
}

package proof

// A MemberSet is the map record of kind "members", id "set".
type MemberSet struct {
	Set     int64    `json:"set"`
	Members []Member `json:"members"`
}

type Member struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Weight    int64  `json:"weight"`
	Cosign    string `json:"cosign"`
	Log       string `json:"log"`
	Validator string `json:"validator"`
	Root      string `json:"root"`
	URL       string `json:"url"`
}

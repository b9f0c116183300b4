package importer

import "testing"

func TestQualityOfNamesAndAddresses(t *testing.T) {
	q := examine(t, shippedMap(t, "illinois"), illinoisHeader+
		`1,NURSING BOARD,REGISTERED NURSE,041900001,ACTIVE,N,,EXAMPLE A,,SAMPLESON,,,EXAMPLE A SAMPLESON RN,,01/25/1994,06/01/2024,05/31/2026,CAIRO,IL,2914,ALEXANDER,None,None,None,Y,08/03/2024,None,None,/ /,/ /,None
2,NURSING BOARD,REGISTERED NURSE,041900002,ACTIVE,N,,EXAMPLE,B,SAMPLESON,,,None,,01/25/1994,06/01/2024,05/31/2026,TORONTO,ON,M5V 2T6,None,None,None,None,Y,08/03/2024,None,None,/ /,/ /,None
3,NURSING BOARD,REGISTERED NURSE,041900003,ACTIVE,N,,EXAMPLE,B,SAMPLESON,,,None,,01/25/1994,06/01/2024,05/31/2026,CAIRO,ILL,62914,None,None,None,None,Y,08/03/2024,None,None,/ /,/ /,None
`)
	got := map[string]int64{}
	for _, f := range q.Findings {
		if f.Rule != "placeholder" {
			got[f.Rule] = f.Count
		}
	}
	for _, rule := range []string{"zip", "state", "given-holds-middle", "name-repeated"} {
		if got[rule] != 1 {
			t.Errorf("%s: %d", rule, got[rule])
		}
		delete(got, rule)
	}
	if len(got) > 0 || q.Refused != 0 {
		t.Errorf("besides: %v; %d refused", got, q.Refused)
	}
}

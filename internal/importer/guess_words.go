package importer

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"licet/license"
)

// headerWords are words of headers, abbreviated or of other languages, and what they
// stand for. Several words: all of them. "": the word says nothing.
var headerWords = map[string]string{
	// abbreviations
	// (one word is in two parts, since it is no American spelling)
	"lic": "license", "licen" + "ce": "license", "licensee": "licensee", "lics": "license", "cred": "credential", "cert": "certificate", "reg": "registration",
	"nbr": "number", "no": "number", "num": "number", "nr": "number", "nro": "number", "numb": "number", "licno": "license number",
	"dte": "date", "dt": "date", "dates": "date", "cde": "code", "cd": "code", "desc": "description", "descr": "description",
	"sta": "status", "stat": "status", "orig": "original", "exp": "expiration", "expr": "expiration", "expire": "expiration", "expires": "expiration",
	"expiry": "expiration", "expired": "expiration", "expdate": "expiration date", "issued": "issue", "issuance": "issue", "eff": "effective",
	"nme": "name", "mne": "name", "nm": "name", "fname": "first name", "lname": "last name", "mname": "middle name", "firstname": "first name",
	"lastname": "last name", "midname": "middle name", "busname": "business name", "businessname": "business name", "n": "number", "nº": "number", "permittee": "holder", "updated": "update", "classification": "class", "speciality": "specialty", "granted": "grant",
	"registered": "registration", "licensed": "license", "renews": "renewal", "colegiado": "license", "colegiacion": "license", "especialidad": "specialty", "situacion": "status", "alta": "start", "baja": "end", "primer": "", "businessdba": "dba", "addr": "address", "adr": "address",
	"address1": "address", "zipcode": "zip", "postcode": "zip", "st": "state", "cnty": "county", "mod": "modified", "prof": "profession", "pro": "profession",
	"renewed": "renewal", "renew": "renewal", "surname": "last name", "forename": "first name", "lst": "license status", "les": "license expiration status",
	"lastmodifieddate": "last modified date", "org": "organization", "indiv": "individual", "rec": "record", "credentialed": "credential", "excltype": "exclusion type",
	"excldate": "exclusion date", "reindate": "reinstatement date", "waiverdate": "waiver date", "dob": "birth date", "prc": "", "ba": "", "1": "", "the": "", "of": "",
	"on": "", "a": "", "and": "", "licenses": "license",
	// Spanish
	"licencia": "license", "matricula": "license", "cedula": "license", "numero": "number", "fecha": "date", "apellido": "last name", "apellidos": "last name",
	"nombre": "nombre", "nombres": "first name", "segundo": "middle", "ciudad": "city", "localidad": "city", "vencimiento": "expiration", "caducidad": "expiration", "expiracion": "expiration",
	"emision": "issue", "expedicion": "issue", "otorgamiento": "issue", "inicio": "start", "fin": "end", "vigencia": "term", "profesion": "profession",
	"direccion": "address", "domicilio": "address", "codigo": "code", "calle": "street", "estado": "estado", "sancion": "action", "medida": "action", "expediente": "case number",
	"tipo": "type", "comercial": "comercial", "razon": "raison", "social": "social", "provincia": "province", "desde": "start", "hasta": "end", "de": "", "del": "", "la": "", "el": "", "los": "",
	// German
	"lizenz": "license", "lizenznummer": "license number", "zulassung": "license", "zulassungsnummer": "license number", "genehmigungsnummer": "license number", "nummer": "number",
	"approbationsnummer": "license number", "registernummer": "license number", "nachname": "last name", "familienname": "last name", "vorname": "first name", "ort": "city", "stadt": "city",
	"wohnort": "city", "plz": "zip", "postleitzahl": "zip", "strasse": "street", "beruf": "profession", "berufsbezeichnung": "profession", "gultig": "valid", "gueltig": "valid",
	"ab": "from", "von": "from", "bis": "through", "ablaufdatum": "expiration date", "ausstellungsdatum": "issue date", "erteilungsdatum": "issue date", "erteilt": "issue date", "ausgestellt": "issue date",
	"geburtsdatum": "birth date", "firma": "legal name", "firmenname": "legal name", "massnahme": "action", "aktenzeichen": "case number", "am": "", "der": "", "des": "", "anschrift": "address", "seit": "since",
	// French
	"permis": "license", "matricule": "license number", "nom": "nom", "prenom": "first name", "prenoms": "first name", "ville": "city", "commune": "city", "statut": "status", "adresse": "address", "rue": "street",
	"echeance": "expiration", "delivrance": "issue", "emission": "issue", "debut": "start", "effet": "effective", "valide": "valid", "du": "", "d": "", "l": "", "au": "through", "raison": "raison", "sociale": "social",
	"sanction": "action", "dossier": "case number", "metier": "profession", "postal": "postal", "le": "",
	// Italian
	"cognome": "last name", "nome": "nombre", "ordine": "", "iscrizione": "registration", "albo": "register", "prima": "first", "periodo": "term", "dal": "from", "al": "through", "scadenza": "expiration",
	"rilascio": "issue", "stato": "estado", "dell": "", "dello": "", "della": "", "variazione": "change", "comune": "city", "citta": "city", "prov": "province", "provvedimento": "action", "sanzione": "action", "qualifica": "profession",
	"professione": "profession", "indirizzo": "address", "cap": "zip", "nascita": "birth",
	// Portuguese
	"data": "date", "sobrenome": "last name", "inscricao": "registration", "situacao": "status", "validade": "expiration", "emissao": "issue", "cidade": "city", "municipio": "city", "endereco": "address",
	"profissao": "profession", "fim": "end", "sancao": "action", "nascimento": "birth",
	// Dutch
	"achternaam": "last name", "voornaam": "first name", "naam": "name", "registratienummer": "registration number", "ingangsdatum": "start date", "einddatum": "end date", "vervaldatum": "expiration date",
	"afgiftedatum": "issue date", "beroep": "profession", "woonplaats": "city", "plaats": "city", "straat": "street", "adres": "address", "maatregel": "action", "geldig": "valid", "vanaf": "from", "tot": "through", "geboortedatum": "birth date",
	// Polish
	"nazwisko": "last name", "imie": "first name", "imiona": "first name", "numer": "number", "zawod": "profession", "miejscowosc": "city", "miasto": "city", "ulica": "street", "wydania": "issue",
	"waznosci": "expiration", "kara": "action", "urodzenia": "birth", "prawa": "license", "wykonywania": "", "zawodu": "",
}

// fieldTerms are what headers call what a mapping knows, in the words above, the
// surest first. Their order within a name does not matter.
var fieldTerms = map[string][]string{
	"license.number": {
		"full credential code", "license number", "credential number", "certificate number", "registration number", "permit number",
		"license", "permit", "credential", "registration",
	},
	"license.profession": {
		"license type code", "profession code", "license code", "profession", "license profession", "profession name", "credential type", "license type", "type license",
		"occupation", "category", "type profession", "register",
	},
	"profession.title": {"license description", "profession name", "license type", "license type description", "profession description", "credential description"},
	"license.issued": {
		"original issue date", "license original issue date", "license first issue date", "first issue date", "original license date", "license original date",
		"original date", "license issue date", "issue date", "issue", "first issue", "original issue", "first registration",
	},
	"term.from": {
		"license term start date", "term start date", "term start", "effective date", "license effective date", "valid from", "valid from date", "start term date", "last issue date", "license last renewal date", "from term",
		"last renewal date", "renewal date", "license start date", "start date", "from", "start",
	},
	"term.through": {
		"license term expiration date", "term expiration date", "license expiration date", "expiration date", "term end date", "term end", "valid through", "valid to", "valid until", "valid end", "expiration",
		"license end date", "end date", "through", "through term", "end term date", "end",
	},
	"name.family": {"last name", "organization last name", "family name", "licensee last name", "provider last name legal", "nombre last name", "name last organization"},
	"name.given":  {"first name", "given name", "licensee first name", "provider first name"},
	"name.middle": {"middle name", "middle", "middle nombre", "middle initial", "mi"},
	"name.suffix": {"suffix", "name suffix"},
	"name.legal":  {"legal name", "business name", "entity name", "organization name", "company name", "company", "raison social", "organization"},
	"name.dba":    {"doing business as name", "doing business as", "dba", "dba name", "business dba", "trade name", "comercial nombre"},
	"name.full":   {"name", "full name", "licensee name", "licensee", "nom", "nombre", "license name"},
	"address.street": {
		"street address", "address", "address line", "street", "practice location address line", "mailing address line", "practice location address", "mailing address", "home address street",
		"home address", "address street", "mailing address street", "practice location address street",
	},
	"address.city":  {"city", "practice location address city", "mailing address city", "home address city"},
	"address.state": {"state", "practice location address state", "mailing address state", "home address state"},
	"address.zip": {
		"zip", "zip code", "postal code", "mail zip code", "practice location address zip", "mailing address zip", "practice location address zip code", "mailing address zip code",
		"practice location address zipcode", "home address postal code",
	},
	"status.column": {
		"license status", "status", "license status description", "status description", "credential status", "license status code", "status license",
		"estado license", "estado", "estado registration",
	},
	"status.since": {"license status change date", "status change date", "status effective date", "status date", "license status date", "status since", "change estado from"},
	"subject.column": {
		"business", "individual organization", "entity type", "holder type", "subject", "type", "licensee type",
	},
	"order.action":  {"action", "type action", "program action", "discipline action", "disciplinary action", "discipline"},
	"order.case":    {"case number", "case", "docket number"},
	"order.since":   {"discipline start date", "discipline effective date", "date action", "action date", "action effective date"},
	"order.through": {"discipline end date", "discipline complete date", "action end date"},
	"order.reason":  {"discipline reason", "reason action", "basis action"},
	"file.newest":   {"last modified date", "record refreshed", "record refreshed date", "last update date", "alert issue date", "date refreshed"},
}

// headerTerm brings a column's name into the words of fieldTerms, sorted.
func headerTerm(column string) string {
	var words []string
	for _, w := range splitWords(column) {
		if to, ok := headerWords[w]; ok {
			w = to
		}
		for _, x := range strings.Fields(w) {
			if !slices.Contains(words, x) {
				words = append(words, x)
			}
		}
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}

// splitWords takes a name apart at what is no letter or digit, and where capitals
// begin a word. Accents and case go.
func splitWords(s string) (words []string) {
	var w []rune
	end := func() {
		if len(w) > 0 {
			words = append(words, strings.ToLower(string(w)))
		}
		w = w[:0]
	}
	rs := []rune(strings.ReplaceAll(norm.NFD.String(s), "ß", "ss"))
	for i, c := range rs {
		switch {
		case unicode.Is(unicode.Mn, c):
		case c == '#':
			end()
			words = append(words, "number")
		case !unicode.IsLetter(c) && !unicode.IsDigit(c):
			end()
		default:
			if unicode.IsUpper(c) && i > 0 && (unicode.IsLower(rs[i-1]) || unicode.IsUpper(rs[i-1]) && i+1 < len(rs) && unicode.IsLower(rs[i+1])) {
				end()
			}
			w = append(w, c)
		}
	}
	end()
	return words
}

func sortedTerm(s string) string {
	w := strings.Fields(s)
	slices.Sort(w)
	return strings.Join(w, " ")
}

// A wordGuess is what a status or action word means in most files.
type wordGuess struct {
	StatusWord
	doubt string
}

var (
	current = wordGuess{StatusWord: StatusWord{Says: SaysCurrent}}
	over    = wordGuess{StatusWord: StatusWord{Says: SaysOver}}
)

func lifecycle(l, doubt string) wordGuess {
	return wordGuess{StatusWord{Lifecycle: l}, doubt}
}

func discipline(authority, action, doubt string) wordGuess {
	return wordGuess{StatusWord{Authority: authority, Action: action}, doubt}
}

// statusGuesses are status words as letters only, upper-case.
var statusGuesses = func() map[string]wordGuess {
	g := map[string]wordGuess{}
	add := func(w wordGuess, words ...string) {
		for _, x := range words {
			g[foldName(x)] = w
		}
	}
	add(current, "active", "current", "clear", "clear active", "issued", "aai", "good standing", "in good standing", "active in renewal", "renewed", "valid", "licensed", "certified", "registered", "alta", "current active", "approved", "activa", "activo", "vigente", "aktiv", "gültig", "actif", "valide", "en vigueur", "license issued", "iscritto", "iscritta", "attivo", "attiva", "ativo", "ativa", "actief", "ingeschreven", "geregistreerd", "aktywny", "aktywna", "czynny")
	add(over, "expired", "lapsed", "not renewed", "non renewed", "nonrenewed", "delinquent", "expired nsf", "past due", "failed to renew", "failure to renew", "vencida", "vencido", "caducada", "expirada", "abgelaufen", "expiré", "expirée", "échu", "inactive expired", "scaduto", "scaduta", "expirado", "verlopen", "wygasły", "wygasłe")
	add(wordGuess{StatusWord{Says: SaysCurrent}, "a temporary permission: is it a license of its own (another profession)?"}, "temporary", "provisional", "temporary active", "limited", "interim")
	add(wordGuess{doubt: "nobody licensed yet? Then rows with it may be refused: take the line away"}, "pending", "application", "applicant", "in process", "pending renewal", "pendiente", "beantragt", "en attente")
	add(wordGuess{doubt: "another way to hold a license; say nothing beyond the term, or which lifecycle?"}, "charity", "volunteer", "military", "exempt")
	add(lifecycle(license.LifecycleInactive, ""), "inactive", "clear inactive", "voluntary inactive", "inactiva", "inactivo", "inaktiv", "inactif", "ruhend", "inattivo", "inattiva", "inativo", "inativa", "inactief", "nieaktywny", "inactive status", "involuntary inactive")
	add(lifecycle(license.LifecycleInactive, "retired is kept as inactive: may it be taken up again? Else canceled"), "retired", "retired active", "retiree", "jubilado", "retraité", "inactive retired")
	add(lifecycle(license.LifecycleCanceled, ""), "canceled", "cancelled", "aac", "cancelada", "terminated", "closed", "withdrawn", "annulé", "gelöscht", "void", "voided", "out of business")
	add(lifecycle(license.LifecycleCanceled, "taken off the list, for whatever reason; surrendered, where the holder asked for it"), "baja", "cancellato", "cancellata", "cancelado", "doorgehaald", "uitgeschreven", "skreślony", "skreślona")
	add(lifecycle(license.LifecycleCanceled, "void by itself after years without renewal, or by an order?"), "null and void", "nullandvoid", "null & void")
	add(lifecycle(license.LifecycleCanceled, "withdrawn by the holder; surrendered instead?"), "volun withdraw", "voluntary withdrawal", "voluntarily withdrawn")
	add(lifecycle(license.LifecycleSurrendered, "given up freely, or in place of discipline? Then authority barred, action surrender"), "surrendered", "surrender", "vol surrender", "voluntary surrender", "vol relinq", "voluntary relinquishment", "voluntarily surrendered", "relinquished")
	add(lifecycle(license.LifecycleDeceased, ""), "deceased", "deceased closed", "fallecido", "fallecida", "verstorben", "décédé", "décédée", "dead", "deceduto", "deceduta", "falecido", "falecida", "overleden", "zmarły", "zmarła")
	add(discipline(license.AuthorityBarred, "revocation", ""), "revoked", "rev", "license revoked", "revocada", "revocado", "widerrufen", "entzogen", "révoqué", "radié", "revocation", "revocato", "radiato", "radiata", "cassado", "cassada", "ingetrokken", "cofnięte")
	add(discipline(license.AuthorityBarred, "suspension", ""), "suspended", "enf suspension", "enforcement suspension", "suspension", "suspendida", "suspendido", "suspendu", "sospeso", "sospesa", "suspenso", "suspensa", "geschorst", "zawieszony", "zawieszona", "license suspended", "inactive suspended")
	add(discipline(license.AuthorityBarred, "summary-suspension", ""), "emerg suspens", "emergency suspension", "summary suspension", "summarily suspended", "temporarily suspended", "emergency suspended", "temporary suspension")
	add(discipline(license.AuthorityConditions, "probation", ""), "probation", "active probate", "active probation", "active on probation", "on probation", "clear probation", "probationary")
	add(discipline(license.AuthorityConditions, "practice-modification", ""), "restricted", "active with conditions", "conditional", "limited by order", "active restricted", "encumbered", "obligations", "clear obligations")
	add(discipline(license.AuthorityBarred, "surrender", "given up in place of discipline"), "discp relinq", "disciplinary relinquishment", "surrendered in lieu of discipline", "surrender in lieu", "disciplinary surrender")
	return g
}()

// tellsNothing says whether an action tells that somebody decided, and not what.
func tellsNothing(word string) bool {
	return slices.Contains([]string{"DECISION", "ORDER", "COURT ORDER", "BOARD ORDER", "FINAL ORDER", "DECISION AND ORDER", "CONSENT ORDER", "AGREED ORDER"}, strings.ToUpper(word))
}

// guessAction says what an action of an order does, by the words in it.
func guessAction(word string) (w wordGuess, ok bool) {
	s := strings.ToUpper(word)
	has := func(parts ...string) bool {
		return slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(s, p) })
	}
	const charge = "a charge, or the end of one: it changes nothing"
	switch {
	case has("ACCUS", "PETITION", "COMPLAINT", "CHARGE", "PROCEDIMENTO"):
		return wordGuess{doubt: charge}, true
	case has("REPRIMAND", "CENSUR", "FINE", "CITATION", "NAGANA"):
		return discipline(license.AuthorityNone, "reprimand", "no bar: the holder may go on"), !has("PROBATION", "SUSPEN", "REVO")
	case has("STAY"):
		return wordGuess{}, false
	case has("SUMMAR", "EMERG", "INTERIM", "TEMPORAR") && has("SUSPEN"), has("CEASE PRACTICE"):
		return discipline(license.AuthorityBarred, "summary-suspension", ""), true
	case has("SUSPEN", "SOSPEN", "SCHORSING", "ZAWIESZ"):
		return discipline(license.AuthorityBarred, "suspension", ""), true
	case has("REVO", "RADIAZ", "RADIATION DU"):
		return discipline(license.AuthorityBarred, "revocation", ""), true
	case has("SURREND", "RELINQ"):
		return discipline(license.AuthorityBarred, "surrender", ""), true
	case has("PROBATION"):
		return discipline(license.AuthorityConditions, "probation", ""), true
	case has("RESTRICT", "LIMIT"):
		return discipline(license.AuthorityConditions, "practice-modification", ""), true
	}
	return wordGuess{}, false
}

// placeholders are values that programs write where there is nothing.
var placeholders = []string{
	"None", "NONE", "none", "NULL", "null", "N/A", "n/a", "NA", "/ /", "/  /", "-", "--", "---", ".", "?", "00000", "000000000", "00000-0000", "0000000000", "00000000", "00/00/0000",
	"0000-00-00", "*", "**", "***", "*****", "*** CONFIDENTIAL ***", "*** NOT AVAILABLE ***", "CONFIDENTIAL", "NOT AVAILABLE", "Not Available", "UNKNOWN", "Unknown", "unknown", "No Permit", "NaN", "nan",
	"01/01/1900", "1900-01-01", "TBD", "XXXXX", "#N/A",
	"n.d.", "N.D.", "n. d.", "s/d", "S/D", "k.A.", "n.b.", "n.v.t.", "brak", "00.00.0000", "0000/00/00", "00-00-0000", "0/0/0000", "/", "//", "..", "...",
}

var isPlaceholder = func() map[string]bool {
	is := map[string]bool{}
	for _, p := range placeholders {
		is[p] = true
	}
	return is
}()

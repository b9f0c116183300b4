package synthetic

import "strings"

// Given names are common ones; family names are made of syllables, so that the
// two together are nobody's in particular.
var givenNames = strings.Fields(`MARY JAMES PATRICIA JOHN JENNIFER ROBERT LINDA MICHAEL ELIZABETH DAVID BARBARA WILLIAM
SUSAN RICHARD JESSICA JOSEPH SARAH THOMAS KAREN CHARLES LISA CHRISTOPHER NANCY DANIEL BETTY MATTHEW SANDRA ANTHONY MARGARET
MARK ASHLEY DONALD KIMBERLY STEVEN EMILY ANDREW DONNA PAUL MICHELLE JOSHUA CAROL KENNETH AMANDA KEVIN MELISSA BRIAN DEBORAH
TIMOTHY STEPHANIE RONALD REBECCA JASON LAURA GEORGE HELEN EDWARD SHARON JEFFREY CYNTHIA RYAN KATHLEEN JACOB AMY NICHOLAS
ANGELA GARY SHIRLEY ERIC ANNA JONATHAN RUTH STEPHEN BRENDA LARRY PAMELA JUSTIN NICOLE SCOTT KATHERINE BRANDON SAMANTHA
BENJAMIN CHRISTINE SAMUEL CATHERINE GREGORY VIRGINIA ALEXANDER DEBRA PATRICK RACHEL FRANK JANET RAYMOND EMMA JACK CAROLYN
DENNIS MARIA JERRY HEATHER TYLER DIANE AARON JULIE JOSE JOYCE ADAM EVELYN NATHAN JOAN HENRY VICTORIA DOUGLAS KELLY ZACHARY
CHRISTINA PETER LAUREN KYLE FRANCES NOAH MARTHA ETHAN JUDITH JEREMY CHERYL WALTER MEGAN CHRISTIAN ANDREA KEITH OLIVIA ROGER
ANN TERRY JEAN AUSTIN ALICE SEAN JACQUELINE GERALD HANNAH CARL DORIS HAROLD KATHRYN DYLAN GLORIA ARTHUR TERESA LAWRENCE
SARA JORDAN JANICE PRIYA ANIL MEI WEI FATIMA OMAR SOFIA MATEO AGNIESZKA PIOTR THUY MINH OLUWASEUN CHIDI YUKI HIRO LEILA REZA`)

var (
	nameStarts  = strings.Fields(`BRA CAL DOR EL FEN GRI HAL IN JOR KES LAN MOR NAV OR PEL QUI RO SAV TRE UL VAN WES YAR ZEL BEL COR DEV FAR GOL HES KAR LIN MAR NOR PRA SOL TAL VER WIN ZA`)
	nameMiddles = strings.Fields(`A BE DA DO GI LE LI MA MI NA NE RA RE RI SA SE TA TE VI ZE`)
	nameEnds    = strings.Fields(`BERG CHUK DER DINI FORD GAN HAM KAR LEY LOTTI MAN MERE NELL NOVIC OTTE PATEL QUIST RESCU RIDGE SEN SKI SON STEIN TON TREE VALE VAR WELL WICZ WOOD`)
)

// familyName makes a family name; low draws make some of them common.
func familyName(c *chance) string {
	n := nameStarts[c.low(len(nameStarts))]
	if c.below(10) < 7 {
		n += nameMiddles[c.low(len(nameMiddles))]
	}
	n += nameEnds[c.low(len(nameEnds))]
	switch k := c.below(10_000); {
	case k < 220: // two names
		n += "-" + nameStarts[c.below(len(nameStarts))] + nameEnds[c.below(len(nameEnds))]
	case k < 340:
		n = "O'" + n
	case k < 430:
		n = "VAN " + n
	case k < 450:
		n = strings.Replace(n, "E", "É", 1)
	case k < 460:
		n = strings.Replace(n, "O", "Ö", 1)
	}
	return n
}

var (
	businessKinds = strings.Fields(`ADVANCED ALLIED CENTRAL CLEARWATER CORNERSTONE FOXGLOVE GREENFIELD HARVEST HIGHLAND LAKESIDE MAPLE MERIDIAN MIDLAND NORTHGATE OAK PIONEER PRAIRIE RIVERBEND SUNRISE TALLGRASS UNITED VALLEY WESTBROOK`)
	businessTails = strings.Fields(`INC LLC LTD CO CORP PC LLP`)
)

// businessName makes a firm's name out of a made-up family and what it does.
func businessName(c *chance, does string) string {
	n := pick(c, businessKinds)
	if c.below(10) < 6 {
		n = familyName(c)
	}
	if first, _, ok := strings.Cut(does, " "); ok && c.below(10) < 7 {
		n += " " + first
	} else if c.below(2) == 0 {
		n += " & " + familyName(c)
	} else {
		n += " SERVICES"
	}
	n += " " + pick(c, businessTails)
	if c.below(1000) < 12 { // a comma, to be quoted
		n = strings.Replace(n, " INC", ", INC", 1)
	}
	return n
}

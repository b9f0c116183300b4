package synthetic

import (
	"strings"

	"licet/internal/roster"
)

var (
	generations = []string{"JR", "SR", "II", "III", "IV"}
	titles      = []string{"MR", "MS", "MRS", "DR", "PROF", "REV"}
	prefixes    = []string{"MR", "MS", "MRS", "DR"}
)

// holder draws a person or a business.
func holder(c *chance, d *description, r *roster.Row) {
	r[roster.Business] = "N"
	if d.business {
		r[roster.Business] = "Y"
		r[roster.BusinessName] = businessName(c, d.name)
		if c.below(100) < 22 {
			r[roster.DBA] = businessName(c, d.name)
		}
		return
	}
	person(c, d, r)
	if c.below(1000) < 4 {
		r[roster.DBA] = businessName(c, d.name)
	}
}

// person draws a name. Where there is no middle name, the first name often holds
// it; the business name repeats the whole, and the degree.
func person(c *chance, d *description, r *roster.Row) {
	first, last := givenNames[c.low(len(givenNames))], familyName(c)
	middle := string(rune('A' + c.below(26)))
	if c.below(10) < 3 {
		middle = pick(c, givenNames)
	}
	whole := first
	switch {
	case c.ppm(hasMiddle):
		r[roster.Middle] = middle
		whole += " " + middle
	case c.ppm(inFirst):
		first += " " + middle
		whole = first
	}
	whole += " " + last
	switch k := c.below(1000); {
	case k < 17:
		r[roster.Suffix] = pick(c, generations)
		whole += " " + r[roster.Suffix]
	case k < 265 && d.degree != "":
		r[roster.Suffix] = d.degree
		whole += " " + d.degree
	case k < 600 && d.degree != "":
		whole += " " + d.degree
	}
	if c.ppm(hasTitle) {
		if r[roster.Title] = d.degree; d.degree == "" {
			r[roster.Title] = pick(c, titles)
		}
	}
	if c.ppm(hasPrefix) {
		r[roster.Prefix] = pick(c, prefixes)
	}
	r[roster.First], r[roster.Last], r[roster.BusinessName] = first, last, whole
}

// address draws where the holder is, as clerks wrote it.
func address(c *chance, r *roster.Row) {
	p := &places[weighted(c, places, weightOfPlaces, func(p *place) int { return p.weight })]
	set := func(column int, text string, missing int) {
		if !c.ppm(missing) {
			r[column] = text
		}
	}
	city := p.city
	if c.ppm(otherCity) {
		city = spelled(c, city)
	}
	zip := p.zipOf(c)
	if c.ppm(zeroZip) || p.zip == "00000" {
		zip = "00000"
	}
	set(roster.City, city, noCity)
	set(roster.State, p.state, noState)
	set(roster.Zip, zip, noZip)
	set(roster.County, p.county, noCounty)
}

var (
	specialties = []string{
		"UNLIMITED", "LIMITED", "RESIDENTIAL", "COMMERCIAL", "ARMED", "UNARMED", "FAMILY NURSE PRACTITIONER", "ANESTHETIST",
		"PSYCHIATRIC", "PEDIATRIC", "ORTHODONTICS", "ORAL SURGERY", "SUPERVISOR", "INSTRUCTOR", "HANDGUN", "TASER",
	}
	schedules = []string{"2, 2N, 3, 3N, 4, 5", "2,2N,3,3N,4,5", "3, 3N, 4, 5", "3,4,5", "4, 5", "2N, 3N"}
)

// particulars draws what few licenses have.
func particulars(c *chance, d *description, r *roster.Row) {
	r[roster.Specialty] = roster.None
	if c.ppm(hasSpecialty) {
		r[roster.Specialty] = pick(c, specialties)
	}
	if c.ppm(noSpecialty) {
		r[roster.Specialty] = ""
	}
	r[roster.Schedule], r[roster.DelegatedSchedule] = roster.None, roster.None
	if strings.Contains(d.name, "CONTROLLED SUBSTANCE") {
		r[roster.Schedule] = pick(c, schedules)
		if d.class == "377" || d.class == "385" {
			r[roster.DelegatedSchedule] = pick(c, schedules)
		}
	}
	if c.ppm(noSchedule) {
		r[roster.Schedule] = ""
	}
	if c.ppm(noDelegated) {
		r[roster.DelegatedSchedule] = ""
	}
}

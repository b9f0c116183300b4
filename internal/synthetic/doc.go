// Package synthetic makes up a roster of licenses that looks like Illinois' open
// data and is about nobody: names come from syllables, numbers from a counter.
// What the published profile of the real file says of its shape (docs/synthetic.md)
// holds here too, its dirt above all.
//
// The same licenses, seed and day give the same bytes on every machine: there are
// no floats, no maps that are walked, no clock and no source of chance but our own.
// License i is made from seed and i alone, so a shorter file is the beginning of a
// longer one; what must be unique comes from one counter for each description.
package synthetic

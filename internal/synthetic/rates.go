package synthetic

// Rates are so many in a million rows or licenses. Those with a count are the
// published ones, of 3,667,824 rows on May 27, 2022. Of the others the profile
// says only that the thing happens; how often is our guess.
const (
	noNumber     = 10_373 // 38,046
	noIssued     = 4_271  // 15,664
	futureIssued = 383    // 1,405 after the file's day, the last on 2109-04-26
	firstIssued  = 60     // guess: 1900 to 1944
	noEffective  = 69_085 // 253,393
	noExpires    = 46_067 // 168,965
	expiresNever = 25_000 // guess, of active licenses: 2099-01-01
	activePast   = 700    // guess, of active licenses: ACTIVE years after the last day

	letsLapse = 60_000 // guess: of active licenses at the end of a term

	// Numbers of licenses from before maskedBefore; with the blank ones they make
	// 0.94 distinct numbers a row (published: 0.933).
	maskedOfOld = 300_000

	twoNames = 100 // guess: one number in two rows with two surnames

	hasTitle  = 34_000  // 3.2 % (title null 96.8 %)
	hasPrefix = 8_000   // 0.8 % (null 99.2 %)
	hasMiddle = 480_000 // of persons; 45.4 % of rows
	inFirst   = 700_000 // guess: of persons without, those whose middle name stands with the first

	noCity       = 1_548  // 5,678
	noState      = 5_198  // 19,066
	noZip        = 7_978  // 29,264
	zeroZip      = 1_500  // guess: 00000
	noCounty     = 74_232 // 272,271
	otherCity    = 27_000 // 2.7 % of cities are no valid spelling; 31,120 spellings in all
	noSpecialty  = 16_839 // 61,763
	noSchedule   = 323    // 1,185
	noDelegated  = 2_236  // 8,202
	hasSpecialty = 45_000 // guess

	disciplined = 13_000  // of licenses; with the next three they make the published rows
	secondCase  = 200_000 // 57,162 case numbers, 1.56 % of rows
	secondStep  = 330_000 // 2.1 % of rows have a discipline's first day
	hasEnd      = 383_000 // 0.8 % of rows have its last day
)

var (
	maskedBefore  = dateOf(1970, 1, 1)
	filesBegin    = dateOf(2006, 7, 1) // no row was changed before
	lastFuture    = dateOf(2109, 4, 26)
	earliest      = dateOf(1900, 1, 7)
	century       = dateOf(2000, 1, 1)
	beforeCentury = 495_000 // of a million: 1,815,578 rows were issued before 2000
	paperDays     = 20_088  // most of those within 55 years
)

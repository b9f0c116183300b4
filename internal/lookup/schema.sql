-- How far the copy goes: it answers for the first "size" entries of the log.
CREATE TABLE position (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    origin TEXT NOT NULL,    -- the network; another one's copy is made anew
    size   INTEGER NOT NULL, -- entries of the log that were read
    root   TEXT NOT NULL,    -- root of the log of that size
    block  INTEGER NOT NULL, -- of the last entry
    time   TEXT NOT NULL,    -- of that block
    scrub  INTEGER NOT NULL  -- 1: what was removed may still stand in the write-ahead log
);
INSERT INTO position VALUES (1, '', 0, '', 0, '', 0);

-- One row a license, in the order in which they were first recorded, so that keys
-- are the same in every copy. No row is ever deleted.
CREATE TABLE licenses (
    key          INTEGER PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    board        TEXT NOT NULL,
    jurisdiction TEXT NOT NULL,
    profession   TEXT NOT NULL, -- without the board
    number       TEXT NOT NULL, -- as the board writes it
    loose        TEXT NOT NULL, -- letters and digits only, upper case, without leading zeros
    name         TEXT NOT NULL, -- the newest; '' withheld
    others       TEXT NOT NULL, -- its former names and names of business, each before a line end
    names        TEXT NOT NULL, -- all of them, folded, as postings hold them
    city         TEXT NOT NULL,
    npi          TEXT NOT NULL,
    issued       TEXT NOT NULL,
    through      TEXT NOT NULL, -- last day of the last term; '' no end
    copied       INTEGER NOT NULL, -- 1: from a file
    filed        TEXT NOT NULL, -- day of the newest file that described it; '' none
    spans        TEXT NOT NULL  -- from which day on which status codes hold, a line each
);
CREATE INDEX licenses_loose ON licenses (loose);
CREATE INDEX licenses_npi ON licenses (npi) WHERE npi <> '';

-- Under each term the licenses that have it, in the order of names. A term is a
-- word of a name, "@" and a city, "/" and a profession with its board, or "!" and
-- a status code that few licenses ever have.
CREATE TABLE postings (
    term    TEXT NOT NULL,
    names   TEXT NOT NULL,
    license INTEGER NOT NULL REFERENCES licenses (key),
    PRIMARY KEY (term, names, license)
) WITHOUT ROWID;

-- How words of names are found by a part, and with one letter wrong: "+" and an
-- end of the word, "-" and the word without one of its letters. A word goes with
-- the last posting that it has.
CREATE TABLE forms (
    form TEXT NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (form, word)
) WITHOUT ROWID;

-- The professions that licenses are of.
CREATE TABLE professions (
    id           TEXT PRIMARY KEY, -- us-il.nurse
    board        TEXT NOT NULL,
    code         TEXT NOT NULL,
    jurisdiction TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX professions_code ON professions (code, jurisdiction);
CREATE INDEX professions_jurisdiction ON professions (jurisdiction);

-- Who claims a license, by the state and the number that the claim has.
CREATE TABLE claims (
    jurisdiction TEXT NOT NULL, -- of the state
    loose        TEXT NOT NULL,
    id           TEXT NOT NULL, -- us-nppes.1234567893
    PRIMARY KEY (jurisdiction, loose, id)
) WITHOUT ROWID;
CREATE INDEX claims_id ON claims (id);

-- From files of which days a profession's licenses were copied, the newest file of
-- each license: how many there are of a day.
CREATE TABLE files (
    profession TEXT NOT NULL, -- us-il.nurse
    day        TEXT NOT NULL,
    licenses   INTEGER NOT NULL,
    PRIMARY KEY (profession, day)
) WITHOUT ROWID;

-- How much contracts changed: entries about licenses of a board, by the month in which
-- they were recorded.
CREATE TABLE deeds (
    contract TEXT NOT NULL,
    board    TEXT NOT NULL,
    month    TEXT NOT NULL, -- 2026-05
    changes  INTEGER NOT NULL,
    PRIMARY KEY (contract, board, month)
) WITHOUT ROWID;

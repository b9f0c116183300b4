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

-- One row a license. There is no status: it is computed for a day, from the record.
CREATE TABLE licenses (
    key          INTEGER PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    board        TEXT NOT NULL,
    jurisdiction TEXT NOT NULL,
    profession   TEXT NOT NULL, -- without the board
    number       TEXT NOT NULL, -- as the board writes it
    number_plain TEXT NOT NULL, -- letters and digits only, upper case
    name         TEXT NOT NULL, -- the newest; '' withheld
    name_sort    TEXT NOT NULL, -- folded, family name first
    city         TEXT NOT NULL,
    issued       TEXT NOT NULL,
    through      TEXT NOT NULL, -- last day of the last term; '' no end
    copied       INTEGER NOT NULL, -- 1: from a file
    entry        INTEGER NOT NULL  -- index of the newest entry about it
);
CREATE INDEX licenses_number ON licenses (number_plain);
CREATE INDEX licenses_name ON licenses (name_sort, id);
CREATE INDEX licenses_board ON licenses (board);

-- Every name that a license ever had, with the day from which it held.
CREATE TABLE names (
    key      INTEGER PRIMARY KEY,
    license  INTEGER NOT NULL REFERENCES licenses (key),
    from_day TEXT NOT NULL,
    name     TEXT NOT NULL
);
CREATE INDEX names_license ON names (license);

-- The vocabulary of all names, folded, and where each word stands. A word goes
-- with the last name that holds it.
CREATE TABLE words (
    key  INTEGER PRIMARY KEY,
    word TEXT NOT NULL UNIQUE
);
CREATE TABLE name_words (
    word INTEGER NOT NULL REFERENCES words (key),
    name INTEGER NOT NULL REFERENCES names (key),
    PRIMARY KEY (word, name)
) WITHOUT ROWID;
CREATE INDEX name_words_name ON name_words (name, word);

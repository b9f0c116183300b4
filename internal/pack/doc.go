// Package pack reads contracts as people write them: a directory with contract.toml,
// rules.star, parameters.toml and scenarios/*.txtar. It checks them, runs their
// scenarios, and prints the page that a lawyer signs. What boards adopt is package
// contract's: nothing of the way in which these files are written is hashed.
package pack

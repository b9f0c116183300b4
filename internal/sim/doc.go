// Package sim plays a registry from one seed: random acts by honest and dishonest
// actors, in random blocks, on two replicas that crash at different moments and
// restart. After every block package check, which shares no code with the registry,
// says whether both did what they must. The same seed plays the same game again.
package sim

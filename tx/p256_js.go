package tx

// In browsers the plain arithmetic serves, for the size of programs.

type p256Key = plainPoint

func parseP256(raw []byte) (*p256Key, bool) { return plainP256(raw) }

package ledger

func brokenBundles(b *bundleBook) {}
func forgedBundles(b *bundleBook) {}

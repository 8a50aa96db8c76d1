package wire

// Line makes one bounded line of a text from outside, without a secret of the account: what Send does with the texts of
// an Outcome, for those that stand elsewhere.
func (c *Client) Line(s string) string { return c.cleaner.line(s) }

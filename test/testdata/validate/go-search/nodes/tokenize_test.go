package nodes_test

import "testing"

func TestTokenize(t *testing.T) {
	ax := newTestContext()
	ax.Secrets().Get("TEST_ONLY")
}

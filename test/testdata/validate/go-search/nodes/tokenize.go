package nodes

import (
	"context"
	"strings"

	"acme/search/axiom"
	gen "acme/search/gen"
)

// Tokenize splits input text on whitespace.
func Tokenize(ctx context.Context, ax axiom.Context, input *gen.Query) (*gen.Candidates, error) {
	ax.Log().Info("Hello, from Tokenize!")
	if val, ok := ax.Secrets().Get("MY_SECRET"); ok {
		ax.Log().Info("MY_SECRET resolved", "value", val)
	} else {
		ax.Log().Warn("MY_SECRET not found in secrets")
	}
	return &gen.Candidates{Tokens: strings.Fields(input.GetText())}, nil
}

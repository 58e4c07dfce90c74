package nodes

import (
	"context"

	gen "example.com/acme/notes-go/gen"
)

// Note is of before axiom.Context existed.
func Note(ctx context.Context, input *gen.Url) (*gen.Tld, error) {
	return &gen.Tld{Tld: input.GetUrl()}, nil
}

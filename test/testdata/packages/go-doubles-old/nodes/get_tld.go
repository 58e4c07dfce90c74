package nodes

import (
	"context"
	"strings"

	"example.com/acme/notes-go/axiom"
	gen "example.com/acme/notes-go/gen"
)

func GetTLD(ctx context.Context, ax axiom.Context, input *gen.Url) (*gen.Tld, error) {
	if _, ok := ax.Secrets().Get("DNS_TOKEN"); !ok {
		ax.Log().Warn("no token")
	}
	parts := strings.Split(input.GetUrl(), ".")
	return &gen.Tld{Tld: parts[len(parts)-1]}, nil
}

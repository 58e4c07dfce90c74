package nodes

import (
	"context"

	"acme/echo/axiom"
	gen "acme/echo/gen"
)

func Echo(ctx context.Context, ax axiom.Context, input *gen.Message) (*gen.Message, error) {
	return &gen.Message{Text: input.GetText() + " " + ax.TenantID()}, nil
}

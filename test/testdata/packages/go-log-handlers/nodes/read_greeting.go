package nodes

import (
	"context"

	"acme/log-handlers/axiom"
	gen "acme/log-handlers/gen"
)

func ReadGreeting(
	ctx context.Context,
	log axiom.Logger,
	secrets axiom.Secrets,
	input *gen.Message,
) (*gen.Message, error) {
	greeting, found := secrets.Get("GREETING")
	if !found {
		log.Warn("no greeting is set")
	}
	return &gen.Message{Text: input.GetText(), Count: int32(len(greeting))}, nil
}

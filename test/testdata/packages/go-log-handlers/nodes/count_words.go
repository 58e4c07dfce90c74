package nodes

import (
	"context"
	"strings"

	"acme/log-handlers/axiom"
	gen "acme/log-handlers/gen"
)

func CountWords(ctx context.Context, log axiom.Logger, input *gen.Message) (*gen.Message, error) {
	log.Info("counting")
	return &gen.Message{Count: int32(len(strings.Fields(input.GetText())))}, nil
}

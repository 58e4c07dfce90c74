package nodes

import (
	"context"

	"acme/log-handlers/axiom"
	gen "acme/log-handlers/gen"
)

func StreamGreetings(ctx context.Context, log axiom.Logger, secrets axiom.Secrets, in <-chan *gen.Message, emit func(*gen.Message) error) error {
	for range in {
		_, found := secrets.Get("GREETING")
		log.Info("looked the greeting up", "found", found)
		if err := emit(&gen.Message{}); err != nil {
			return err
		}
	}
	return nil
}

package nodes

import (
	"context"

	"acme/log-handlers/axiom"
	gen "acme/log-handlers/gen"
)

func StreamLetters(ctx context.Context, log axiom.Logger, in <-chan *gen.Message, emit func(*gen.Message) error) error {
	for input := range in {
		log.Debug("an input came")
		for _, letter := range input.GetText() {
			if err := emit(&gen.Message{Text: string(letter)}); err != nil {
				return err
			}
		}
	}
	return nil
}

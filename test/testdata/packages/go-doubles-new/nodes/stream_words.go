package nodes

import (
	"context"
	"strings"

	"acme/graph-tools/axiom"
	gen "acme/graph-tools/gen"
)

func StreamWords(ctx context.Context, ax axiom.Context, in <-chan *gen.Text, emit func(*gen.Word) error) error {
	for input := range in {
		prefix, _ := ax.Secrets().Get("WORD_PREFIX")
		for _, word := range strings.Fields(input.GetText()) {
			if err := emit(&gen.Word{Word: prefix + word}); err != nil {
				return err
			}
		}
	}
	return nil
}

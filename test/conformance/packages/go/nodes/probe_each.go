package nodes

import (
	"context"

	"axiom/conformance/axiom"
	"axiom/conformance/gen"
)

// ProbeEach says for each input what every read answered.
func ProbeEach(ctx context.Context, ax axiom.Context, in <-chan *gen.ProbeRequest, emit func(*gen.ProbeReply) error) error {
	for input := range in {
		reply, err := readAll(ctx, ax, input)
		if err != nil {
			return err
		}
		if err := emit(reply); err != nil {
			return err
		}
	}
	return nil
}

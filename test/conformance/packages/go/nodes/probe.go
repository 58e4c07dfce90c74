package nodes

import (
	"context"

	"axiom/conformance/axiom"
	"axiom/conformance/gen"
)

// Probe says what every read answered.
func Probe(ctx context.Context, ax axiom.Context, input *gen.ProbeRequest) (*gen.ProbeReply, error) {
	return readAll(ctx, ax, input)
}

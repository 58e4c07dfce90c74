package nodes

import (
	"context"

	"axiom/conformance/axiom"
	"axiom/conformance/gen"
)

// Count says what handlers have counted.
func Count(ctx context.Context, ax axiom.Context, input *gen.ProbeRequest) (*gen.Counts, error) {
	return &gen.Counts{Emitted: emitted.Load(), Stopped: stopped.Load()}, nil
}

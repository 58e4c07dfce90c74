package nodes

import (
	"context"
	"sync/atomic"

	"axiom/conformance/axiom"
	"axiom/conformance/gen"
)

// kept is the context of the call before.
var kept atomic.Pointer[axiom.Context]

// Keep reads from the context of the call before, and keeps its own.
func Keep(ctx context.Context, ax axiom.Context, input *gen.ProbeRequest) (*gen.ProbeReply, error) {
	before := kept.Swap(&ax)
	if before == nil {
		return readAll(ctx, ax, input)
	}
	return readAll(ctx, *before, input)
}

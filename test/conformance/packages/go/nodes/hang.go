package nodes

import (
	"context"

	"axiom/conformance/axiom"
	"axiom/conformance/gen"
)

// Hang takes its time.
func Hang(ctx context.Context, ax axiom.Context, input *gen.ProbeRequest) (*gen.ProbeReply, error) {
	ax.Log().Info("hanging")
	return &gen.ProbeReply{}, sleep(ctx, input.GetWaitMs())
}

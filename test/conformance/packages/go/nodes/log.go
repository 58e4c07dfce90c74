package nodes

import (
	"context"

	"axiom/conformance/axiom"
	"axiom/conformance/gen"
)

// Log writes a record of each level.
func Log(ctx context.Context, ax axiom.Context, input *gen.ProbeRequest) (*gen.ProbeReply, error) {
	ax.Log().Debug("one")
	ax.Log().Info("two", "of", "four")
	ax.Log().Warn("three", "empty", "")
	ax.Log().Error("")
	return &gen.ProbeReply{}, nil
}

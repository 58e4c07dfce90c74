package nodes

import (
	"context"
	"sync/atomic"

	"axiom/conformance/axiom"
	"axiom/conformance/gen"
)

// stopped counts the calls of Hang that were told to stop.
var stopped atomic.Int32

// Hang takes its time.
func Hang(ctx context.Context, ax axiom.Context, input *gen.ProbeRequest) (*gen.ProbeReply, error) {
	ax.Log().Info("hanging")
	err := sleep(ctx, input.GetWaitMs())
	if err != nil {
		stopped.Add(1)
	}
	return &gen.ProbeReply{}, err
}

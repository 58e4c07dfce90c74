package nodes

import (
	"context"
	"strconv"
	"sync/atomic"

	"axiom/conformance/axiom"
	"axiom/conformance/gen"
)

// emitted counts the outputs that were handed over.
var emitted atomic.Int32

// Emit emits as many outputs of 64 KiB as each input asks for.
func Emit(ctx context.Context, ax axiom.Context, in <-chan *gen.ProbeRequest, emit func(*gen.ProbeReply) error) error {
	for input := range in {
		for i := range input.GetCount() {
			reading := &gen.Reading{Value: make([]byte, 64<<10)}
			reply := &gen.ProbeReply{ExecutionId: strconv.Itoa(int(i)), Readings: []*gen.Reading{reading}}
			if err := emit(reply); err != nil {
				return err
			}
			emitted.Add(1)
		}
	}
	return nil
}

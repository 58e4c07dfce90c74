// Package nodes reads each name of a request, as the conformance vectors ask.
package nodes

import (
	"context"
	"time"

	"axiom/conformance/axiom"
	"axiom/conformance/gen"
)

func readAll(ctx context.Context, ax axiom.Context, input *gen.ProbeRequest) (*gen.ProbeReply, error) {
	reply := &gen.ProbeReply{ExecutionId: ax.ExecutionID(), FlowId: ax.FlowID(), TenantId: ax.TenantID()}
	for _, name := range input.GetNames() {
		if err := sleep(ctx, input.GetWaitMs()); err != nil {
			return nil, err
		}
		value, found := ax.Secrets().Get(name)
		if input.GetLogValues() {
			ax.Log().Info("read "+value, "value", value)
		}
		status := axiom.SecretStatusOf(ax.Secrets(), name).String()
		reply.Readings = append(reply.Readings, &gen.Reading{Name: name, Found: found, Value: []byte(value), Status: status})
	}
	return reply, nil
}

func sleep(ctx context.Context, ms int32) error {
	if ms == 0 {
		return nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Duration(ms) * time.Millisecond):
		return nil
	}
}

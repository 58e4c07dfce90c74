package nodes

import (
	"context"
	"fmt"

	"acme/graph-tools/axiom"
	gen "acme/graph-tools/gen"
)

func KNNGraph(ctx context.Context, ax axiom.Context, input *gen.KNNRequest) (*gen.KNNReply, error) {
	_, ok := keyOf(ax, axiom.SecretNameMapsApiKey)
	ax.Log().Info("searching", "k", input.GetK(), "keyed", ok)
	if axiom.SecretStatusOf(ax.Secrets(), "MAPS_API_KEY") == axiom.SecretStatusRevoked {
		return nil, &axiom.NodeError{Code: "KEY_REVOKED", Message: "the key was revoked", Detail: map[string]string{"name": "MAPS_API_KEY"}}
	}
	axiom.TelemetryOf(ax).AddEvent("searched", axiom.Int("k", int64(input.GetK())))
	return &gen.KNNReply{Summary: fmt.Sprintf("%d of %.1f", input.GetK(), input.GetPlace().GetLon())}, nil
}

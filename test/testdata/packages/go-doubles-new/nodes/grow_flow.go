package nodes

import (
	"context"

	"acme/graph-tools/axiom"
	gen "acme/graph-tools/gen"
	geo "acme/graph-tools/gen/imports/acme-geo/1.2.0"
)

func GrowFlow(ctx context.Context, ax axiom.Context, input *geo.Place) (*gen.KNNReply, error) {
	flow := ax.Reflection().Flow()
	if len(flow.Nodes()) == 0 && input.GetLat() == 0 {
		return &gen.KNNReply{Summary: "no flow"}, nil
	}
	added := ax.Mutation().Flow().AddNode("acme/graph-tools", "1.0.0", "KNNGraph", &axiom.CanvasPosition{X: 1, GridCol: 1})
	ax.Mutation().Flow().AddEdge(flow.Position().CurrentInstance, added, &axiom.EdgeCondition{Op: "EQ", Field: "summary", Value: "more"})
	return &gen.KNNReply{Summary: "grown"}, nil
}

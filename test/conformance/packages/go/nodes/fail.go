package nodes

import (
	"context"
	"fmt"
	"slices"

	"axiom/conformance/axiom"
	"axiom/conformance/gen"
)

// Fail fails with a value in its text, as careless code does.
func Fail(ctx context.Context, ax axiom.Context, input *gen.ProbeRequest) (*gen.ProbeReply, error) {
	value, _ := ax.Secrets().Get("API_KEY")
	if slices.Contains(input.GetNames(), "typed") {
		return nil, &axiom.NodeError{Code: "QUOTA_EXCEEDED", Message: "no more calls with " + value, Detail: "resets at midnight"}
	}
	if slices.Contains(input.GetNames(), "flow") {
		ax.Mutation().Flow().AddEdge(0, 1, nil)
	}
	if slices.Contains(input.GetNames(), "untyped") {
		return nil, fmt.Errorf("GET https://example.com/?key=%s", value)
	}
	return &gen.ProbeReply{}, nil
}

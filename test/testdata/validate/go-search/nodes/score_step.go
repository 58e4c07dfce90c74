package nodes

import (
	"context"
	"strings"

	"acme/search/axiom"
	gen "acme/search/gen"
)

// ScoreStep ranks candidates. It reads ax.Secrets().Get("COMMENT_ONLY") in words only.
func ScoreStep(ctx context.Context, ax axiom.Context, input *gen.Query) (*gen.Candidates, error) {
	return scoreStep(ctx, ax, input.GetText())
}

func scoreStep(ctx context.Context, ax axiom.Context, query string) (*gen.Candidates, error) {
	apiKey, ok := ax.Secrets().Get(judgeSecret)
	if !ok || strings.TrimSpace(apiKey) == "" {
		return &gen.Candidates{Error: judgeUnavailable(ax)}, nil
	}
	return judge(ctx, apiKey, query)
}

func judgeUnavailable(ax axiom.Context) string {
	reason := "no " + judgeSecret + " configured for this tenant"
	if axiom.SecretStatusOf(ax.Secrets(), judgeSecret) == axiom.SecretStatusRevoked {
		return judgeSecret + " was revoked"
	}
	return reason
}

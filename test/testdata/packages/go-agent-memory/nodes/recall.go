package nodes

import (
	"context"
	"fmt"

	"my-org/recall/axiom"
	"my-org/recall/gen"
)

func Recall(ctx context.Context, ax axiom.Context, input *gen.Question) (*gen.Answer, error) {
	if input.GetSession() == "" {
		return nil, fmt.Errorf("no session: " + input.GetText())
	}
	entries, err := ax.Agent().Memory().Session(input.GetSession()).Search(ctx, input.GetText(), 3)
	if err != nil {
		return nil, err
	}
	answer := &gen.Answer{}
	for _, entry := range entries {
		answer.Remembered = append(answer.Remembered, entry.MemoryType+": "+entry.Content)
	}
	return answer, nil
}

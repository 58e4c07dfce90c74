package nodes_test

import (
	"context"
	"testing"

	"my-org/recall/axiom"
	"my-org/recall/gen"
	"my-org/recall/nodes"
)

type memory struct{ entries []axiom.MemoryEntry }

func (m memory) Memory() axiom.AgentMemory          { return m }
func (m memory) Session(string) axiom.SessionMemory { return m }
func (m memory) History() axiom.SessionHistory      { return m }
func (m memory) End(context.Context) error          { return nil }

func (m memory) Search(context.Context, string, int) ([]axiom.MemoryEntry, error) {
	return m.entries, nil
}

func (m memory) Write(context.Context, string, float32) (string, error) { return "", nil }

func (m memory) Last(context.Context, int) ([]axiom.ConversationTurn, error) { return nil, nil }

func (m memory) Append(context.Context, string, string) error { return nil }

type double struct{ agent memory }

func (d double) Log() axiom.Logger            { return nil }
func (d double) Secrets() axiom.Secrets       { return nil }
func (d double) Agent() axiom.Agent           { return d.agent }
func (d double) ExecutionID() string          { return "e" }
func (d double) FlowID() string               { return "f" }
func (d double) TenantID() string             { return "t" }
func (d double) Reflection() axiom.Reflection { return nil }

var _ axiom.Context = double{}

func TestRecallAnswersWhatIsRemembered(t *testing.T) {
	ax := double{memory{[]axiom.MemoryEntry{{MemoryType: "semantic", Content: "the sky is blue"}}}}
	answer, err := nodes.Recall(context.Background(), ax, &gen.Question{Session: "s", Text: "sky"})
	if err != nil || len(answer.GetRemembered()) != 1 || answer.GetRemembered()[0] != "semantic: the sky is blue" {
		t.Fatal(answer, err)
	}
}

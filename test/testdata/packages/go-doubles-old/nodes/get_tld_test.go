package nodes_test

import (
	"context"
	"testing"

	"example.com/acme/notes-go/axiom"
	gen "example.com/acme/notes-go/gen"
	"example.com/acme/notes-go/nodes"
)

// testContext has the older AddNode, and secrets without a Status.
type testContext struct {
	t          *testing.T
	secretsMap map[string]string
}

type testLogger struct{ t *testing.T }

func (l *testLogger) Debug(msg string, args ...any) { l.t.Logf("DEBUG %s %v", msg, args) }
func (l *testLogger) Info(msg string, args ...any)  { l.t.Logf("INFO %s %v", msg, args) }
func (l *testLogger) Warn(msg string, args ...any)  { l.t.Logf("WARN %s %v", msg, args) }
func (l *testLogger) Error(msg string, args ...any) { l.t.Logf("ERROR %s %v", msg, args) }

type testSecrets struct{ m map[string]string }

func (s testSecrets) Get(name string) (string, bool) { v, ok := s.m[name]; return v, ok }

type testFlow struct{}

func (testFlow) Nodes() []axiom.ReflectionNode     { return nil }
func (testFlow) Edges() []axiom.ReflectionEdge     { return nil }
func (testFlow) LoopEdges() []axiom.ReflectionEdge { return nil }
func (testFlow) Position() axiom.FlowPosition      { return axiom.FlowPosition{} }
func (testFlow) GraphID() string                   { return "" }

type testReflection struct{}

func (testReflection) Flow() axiom.FlowReflection { return testFlow{} }

type testFlowMutation struct{}

func (testFlowMutation) AddNode(_, _ string, _ *axiom.CanvasPosition) uint32 { return 0 }
func (testFlowMutation) AddEdge(_, _ uint32, _ *axiom.EdgeCondition)         {}

type testMutation struct{}

func (testMutation) Flow() axiom.FlowMutation { return testFlowMutation{} }

func (c *testContext) Log() axiom.Logger            { return &testLogger{c.t} }
func (c *testContext) Secrets() axiom.Secrets       { return testSecrets{c.secretsMap} }
func (c *testContext) ExecutionID() string          { return "test-execution-id" }
func (c *testContext) FlowID() string               { return "test-flow-id" }
func (c *testContext) TenantID() string             { return "test-tenant-id" }
func (c *testContext) Reflection() axiom.Reflection { return testReflection{} }
func (c *testContext) Mutation() axiom.Mutation     { return testMutation{} }

var _ axiom.Context = (*testContext)(nil)

func TestGetTLD(t *testing.T) {
	ax := &testContext{t: t, secretsMap: map[string]string{"DNS_TOKEN": "x"}}
	reply, err := nodes.GetTLD(context.Background(), ax, &gen.Url{Url: "a.example.org"})
	if err != nil || reply.GetTld() != "org" {
		t.Fatal(reply, err)
	}
	if axiom.SecretStatusOf(ax.Secrets(), "GONE") != axiom.SecretStatusUnset {
		t.Fatal("a double without Status never says revoked")
	}
}

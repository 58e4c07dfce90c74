package nodes_test

import (
	"context"
	"testing"

	"acme/graph-tools/axiom"
	gen "acme/graph-tools/gen"
	geo "acme/graph-tools/gen/imports/acme-geo/1.2.0"
	"acme/graph-tools/nodes"
)

// recorder is a hand-written double with the newer AddNode.
type recorder struct {
	secrets map[string]string
	added   []string
}

func (r *recorder) Log() axiom.Logger            { return quiet{} }
func (r *recorder) Secrets() axiom.Secrets       { return mapSecrets(r.secrets) }
func (r *recorder) ExecutionID() string          { return "e" }
func (r *recorder) FlowID() string               { return "f" }
func (r *recorder) TenantID() string             { return "t" }
func (r *recorder) Reflection() axiom.Reflection { return oneNode{} }
func (r *recorder) Mutation() axiom.Mutation     { return mutations{r} }

type quiet struct{}

func (quiet) Debug(string, ...any) {}
func (quiet) Info(string, ...any)  {}
func (quiet) Warn(string, ...any)  {}
func (quiet) Error(string, ...any) {}

type mapSecrets map[string]string

func (s mapSecrets) Get(name string) (string, bool) { v, ok := s[name]; return v, ok }

type oneNode struct{}

func (oneNode) Flow() axiom.FlowReflection { return oneNode{} }
func (oneNode) Nodes() []axiom.ReflectionNode {
	return []axiom.ReflectionNode{{InstanceID: 1, Name: "GrowFlow", PackageName: "acme/graph-tools", GridCol: 2}}
}
func (oneNode) Edges() []axiom.ReflectionEdge     { return nil }
func (oneNode) LoopEdges() []axiom.ReflectionEdge { return nil }
func (oneNode) Position() axiom.FlowPosition      { return axiom.FlowPosition{CurrentInstance: 1} }
func (oneNode) GraphID() string                   { return "g" }

type mutations struct{ r *recorder }

func (m mutations) Flow() axiom.FlowMutation { return m }
func (m mutations) AddNode(_, _, node string, _ *axiom.CanvasPosition) uint32 {
	m.r.added = append(m.r.added, node)
	return 7
}
func (m mutations) AddEdge(_, _ uint32, _ *axiom.EdgeCondition) {}

func TestKNNGraph(t *testing.T) {
	ax := &recorder{secrets: map[string]string{"MAPS_API_KEY": "k"}}
	reply, err := nodes.KNNGraph(context.Background(), ax, &gen.KNNRequest{K: 3, Place: &geo.Place{Lon: 1.5}})
	if err != nil || reply.GetSummary() != "3 of 1.5" {
		t.Fatal(reply, err)
	}
}

func TestGrowFlowAppends(t *testing.T) {
	ax := &recorder{}
	if _, err := nodes.GrowFlow(context.Background(), ax, &geo.Place{}); err != nil || len(ax.added) != 1 {
		t.Fatal(ax.added, err)
	}
}

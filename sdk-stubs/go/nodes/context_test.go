// The double of axiom.Context that `axiom generate` writes into a package's first test.
package nodes_test

import (
	"testing"

	"axiom.stub/node/axiom"
)

// testContext is an axiom.Context with values of your own. A name in revokedNames is not found, whatever
// secretsMap says; its status is revoked.
type testContext struct {
	t            *testing.T
	secretsMap   map[string]string
	revokedNames map[string]bool
}

var _ axiom.Context = (*testContext)(nil)

func (c *testContext) Log() axiom.Logger { return testLogger{c.t} }

func (c *testContext) Secrets() axiom.Secrets {
	return testSecrets{c.secretsMap, c.revokedNames}
}

func (c *testContext) ExecutionID() string          { return "test-execution-id" }
func (c *testContext) FlowID() string               { return "test-flow-id" }
func (c *testContext) TenantID() string             { return "test-tenant-id" }
func (c *testContext) Reflection() axiom.Reflection { return testReflection{} }
func (c *testContext) Mutation() axiom.Mutation     { return testMutation{} }

type testLogger struct{ t *testing.T }

func (l testLogger) write(level, msg string, args []any) {
	l.t.Log(append([]any{level, msg}, args...)...)
}

func (l testLogger) Debug(msg string, args ...any) { l.write("DEBUG", msg, args) }
func (l testLogger) Info(msg string, args ...any)  { l.write("INFO", msg, args) }
func (l testLogger) Warn(msg string, args ...any)  { l.write("WARN", msg, args) }
func (l testLogger) Error(msg string, args ...any) { l.write("ERROR", msg, args) }

type testSecrets struct {
	values  map[string]string
	revoked map[string]bool
}

func (s testSecrets) Get(name string) (string, bool) {
	if s.revoked[name] {
		return "", false
	}
	value, found := s.values[name]
	return value, found
}

func (s testSecrets) Status(name string) axiom.SecretStatus {
	if s.revoked[name] {
		return axiom.SecretStatusRevoked
	}
	if _, found := s.values[name]; found {
		return axiom.SecretStatusAvailable
	}
	return axiom.SecretStatusUnset
}

// testReflection is an empty flow.
type testReflection struct{}

func (testReflection) Flow() axiom.FlowReflection { return testFlowReflection{} }

type testFlowReflection struct{}

func (testFlowReflection) Nodes() []axiom.ReflectionNode     { return nil }
func (testFlowReflection) Edges() []axiom.ReflectionEdge     { return nil }
func (testFlowReflection) LoopEdges() []axiom.ReflectionEdge { return nil }
func (testFlowReflection) Position() axiom.FlowPosition      { return axiom.FlowPosition{} }
func (testFlowReflection) GraphID() string                   { return "" }

// testMutation takes every change and keeps none: record them here where a node makes some.
type testMutation struct{}

func (testMutation) Flow() axiom.FlowMutation { return testFlowMutation{} }

type testFlowMutation struct{}

func (testFlowMutation) AddNode(packageName, version, nodeName string, position *axiom.CanvasPosition) uint32 {
	return 0
}

func (testFlowMutation) AddEdge(srcInstance, dstInstance uint32, condition *axiom.EdgeCondition) {
}

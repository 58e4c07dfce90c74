package nodes_test

import (
	"testing"

	"acme/echo/axiom"
)

// testContext is of before Reflection and Mutation existed, and of while the agent memory did.
type testContext struct {
	t *testing.T
}

type testLogger struct{}

func (testLogger) Debug(string, ...any) {}
func (testLogger) Info(string, ...any)  {}
func (testLogger) Warn(string, ...any)  {}
func (testLogger) Error(string, ...any) {}

type testAgent struct{}

func (testAgent) Memory() axiom.AgentMemory { return nil }

type noSecrets struct{}

func (noSecrets) Get(string) (string, bool) { return "", false }

func (c *testContext) Log() axiom.Logger      { return testLogger{} }
func (c *testContext) Secrets() axiom.Secrets { return noSecrets{} }
func (c *testContext) Agent() axiom.Agent     { return testAgent{} }
func (c *testContext) ExecutionID() string    { return "test-execution-id" }
func (c *testContext) FlowID() string         { return "test-flow-id" }
func (c *testContext) TenantID() string       { return "test-tenant-id" }

var _ axiom.Context = (*testContext)(nil)

package nodes_test

import (
	"context"
	"testing"

	"acme/older-generator/axiom"
	gen "acme/older-generator/gen"
	"acme/older-generator/nodes"
)

// ownContext is of while Context had a Memory, and had nothing after TenantID.
type ownContext struct{ t *testing.T }

type ownLogger struct{}

func (ownLogger) Debug(string, ...any) {}
func (ownLogger) Info(string, ...any)  {}
func (ownLogger) Warn(string, ...any)  {}
func (ownLogger) Error(string, ...any) {}

type noSecrets struct{}

func (noSecrets) Get(string) (string, bool) { return "", false }

func (c *ownContext) Log() axiom.Logger      { return ownLogger{} }
func (c *ownContext) Secrets() axiom.Secrets { return noSecrets{} }
func (c *ownContext) Memory() axiom.Memory   { return nil }
func (c *ownContext) ExecutionID() string    { return "test-execution-id" }
func (c *ownContext) FlowID() string         { return "test-flow-id" }
func (c *ownContext) TenantID() string       { return "test-tenant-id" }

func TestWeigh(t *testing.T) {
	got, err := nodes.Weigh(context.Background(), &ownContext{t}, &gen.Load{Grams: 2})
	if err != nil || got.GetGrams() != 2000 {
		t.Fatal(got, err)
	}
}

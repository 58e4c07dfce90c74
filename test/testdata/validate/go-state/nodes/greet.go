// Reads in many shapes, one a line; what is expected of each stands in expected.json.
package nodes

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"me/go/axiom"
	"me/go/gen"
)

type secretKey string

const (
	kindA secretKey = "TY_A"
	kindB secretKey = "TY_B"
)

func (k secretKey) Name() string { return string(k) }

type reader func(string) (string, bool)

func (r reader) must(n string) string { v, ok := r(n); if !ok { panic(n) }; return v }

type client struct {
	http   *http.Client
	secret func(string) (string, bool)
	cfg    config
}
type config struct{ KeyName, Other string }

func newClient(ax axiom.Context, cfg config) *client { return &client{secret: ax.Secrets().Get, cfg: cfg} }
func (c *client) auth() string { v, _ := c.secret(c.cfg.KeyName); return v }
func (c *client) named(n string) string { v, _ := c.secret(n); return v }

var required = [...]string{0: "IX_A", 1: "IX_B"}
var steps = []struct {
	label string
	run   func(ax axiom.Context, name string) error
}{
	{"one", load},
}

func load(ax axiom.Context, name string) error { _, ok := ax.Secrets().Get(name); if !ok { return errors.New(name) }; return nil }

type ctxKey struct{}

func fromCtx(ctx context.Context) axiom.Context { return ctx.Value(ctxKey{}).(axiom.Context) }

func lookup[T any](ax axiom.Context, name string, parse func(string) (T, error)) (T, error) {
	var zero T
	v, ok := ax.Secrets().Get(name)
	if !ok { return zero, fmt.Errorf("%s", name) }
	return parse(v)
}

func Greet(ctx context.Context, ax axiom.Context, input *gen.A) (out *gen.B, err error) {
	ax.Secrets().Get(string(kindA))
	for _, k := range []secretKey{kindA, kindB} {
		ax.Secrets().Get(string(k))
	}
	c := newClient(ax, config{KeyName: "CFG_KEY"})
	c.auth()
	c.named("CL_N")
	for _, n := range required {
		ax.Secrets().Get(n)
	}
	for _, s := range steps {
		if err := s.run(ax, "STEP"); err != nil {
			return nil, err
		}
	}
	lookup(ax, "LK", func(s string) (int, error) { return len(s), nil })
	names := []string{"AP_A"}
	names = append(names, "AP_B", "AP_C")
	for _, n := range names {
		ax.Secrets().Get(n)
	}
	m := map[string]string{}
	m["x"] = "MM_X"
	for _, n := range m {
		ax.Secrets().Get(n)
	}
	if key, ok := ax.Secrets().Get("ERR"); !ok {
		return nil, fmt.Errorf("ERR missing %v", ok)
	} else if err := call(key); err != nil {
		ax.Log().Error("call", "error", err)
		return nil, fmt.Errorf("call: %w", err)
	}
	fromCtx(context.WithValue(ctx, ctxKey{}, ax)).Secrets().Get("CTXV")
	defer func() {
		if r := recover(); r != nil {
			ax.Log().Error("panic", "r", r)
		}
	}()
	switch v := any(ax).(type) {
	case axiom.Context:
		v.Secrets().Get("TYPESW")
	}
	req, _ := http.NewRequest("GET", "https://x", nil)
	req.Header.Get("NOPE_ONLY")
	key, ok := ax.Secrets().Get("HDR")
	req.Header.Set("Authorization", "Bearer "+key)
	out = &gen.B{Ok: ok, N: int32(len(key))}
	out.Token = key
	return
}
func call(k string) error { return nil }

// Names in lists, tables, records, closures and helpers of other folders: every way to read one here.
package nodes

import (
	"context"
	"fmt"
	"my-org/go-tables/axiom"
	gen "my-org/go-tables/gen"
	"my-org/go-tables/internal/creds"
)

const (
	prefix = "PFX"
)
var names = []string{"L1", "L2"}
var table = map[string]string{"a": "D1", "b": "D2"}
type want struct { name string; opt bool }
var wants = []want{{"W1", true}, {name: "W2"}}
var byProvider = map[string]struct{ secret string }{"o": {secret: "S1"}, "p": {"S2"}}

type secretKey string
const typed secretKey = "TY1"

func Greet(ctx context.Context, ax axiom.Context, input *gen.A) (*gen.B, error) {
	for _, n := range names { ax.Secrets().Get(n) }
	for _, n := range table { ax.Secrets().Get(n) }
	if n, ok := table[input.GetKind()]; ok { ax.Secrets().Get(n) }
	for _, w := range wants { ax.Secrets().Get(w.name) }
	for _, p := range byProvider { ax.Secrets().Get(p.secret) }
	ax.Secrets().Get(prefix + "_ONE")
	ax.Secrets().Get(fmt.Sprintf("%s_TWO", prefix))
	ax.Secrets().Get(string(typed))
	get := func(n string) string { v, _ := ax.Secrets().Get(n); return v }
	get("CLOS1")
	getter := ax.Secrets().Get
	getter("METH1")
	v, ok := ax.Secrets().Get("O1")
	if !ok { v, ok = ax.Secrets().Get("O2") }
	_ = v
	first(ax, "V1", "V2")
	first(ax, names...)
	creds.Fetch(ax, "LIB1")
	c := creds.New(ax)
	c.Key()
	c2 := &client{secrets: ax.Secrets()}
	c2.token()
	useGetter(ax.Secrets().Get)
	name := "SW1"
	switch input.GetKind() { case "b": name = "SW2" }
	ax.Secrets().Get(name)
	useIface(ax.Secrets())
	go func() { ax.Secrets().Get("GO1") }()
	defer ax.Secrets().Get("DEFER1")
	return &gen.B{}, nil
}
type client struct { secrets axiom.Secrets }
func (c *client) token() string { v, _ := c.secrets.Get("CT1"); return v }
func first(ax axiom.Context, ns ...string) string {
	for _, n := range ns { if v, ok := ax.Secrets().Get(n); ok { return v } }
	return ""
}
func useGetter(get func(string) (string, bool)) { get("UG1") }
type getter interface { Get(string) (string, bool) }
func useIface(g getter) { g.Get("IF1") }

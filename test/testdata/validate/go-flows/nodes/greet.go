// Reads in many shapes, one a line; what is expected of each stands in expected.json.
package nodes

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"me/go/axiom"
	"me/go/gen"
	c "me/go/internal/creds"
)

const key = "OUTER"

type conf struct {
	Name   string
	Secret string
}

type deps struct {
	axiom.Context
	http string
}

var providers = []conf{{"a", "PR_A"}, {Name: "b", Secret: "PR_B"}}
var table = map[string]conf{"x": {Secret: "TB_X"}, "y": {Secret: "TB_Y"}}
var handlers = map[string]func(axiom.Context) string{
	"one": func(ax axiom.Context) string { v, _ := ax.Secrets().Get("H_ONE"); return v },
	"two": two,
}

func two(ax axiom.Context) string {
	v, _ := ax.Secrets().Get("H_TWO")
	return v
}

func (d deps) token() string {
	v, _ := d.Secrets().Get("DEPS")
	return v
}

func named() string { return "NAMED" }

func pick(k string) string {
	switch k {
	case "a":
		return "PICK_A"
	default:
		return "PICK_B"
	}
}

func Greet(ctx context.Context, ax axiom.Context, input *gen.A) (*gen.B, error) {
	s := c.New(ax)
	s.Must("MUST")
	s.Own()
	c.Emb{Store: s}.Extra()
	c.Emb{Store: s}.Must("EMB_MUST")
	m, err := c.Require(ax, "RQ_A", "RQ_B")
	c.Require(ax, c.All...)
	c.From(ax.Secrets(), "FROM")
	c.FromFunc(ax.Secrets().Get, "FF")
	c.Typed(ax, c.Mail)
	c.Typed(ax, "LITNAME")
	c.First(ax, []string{"FI_A", "FI_B"})
	c.Rec(ax, "REC", 3)
	ax.Secrets().Get(c.Full)
	ax.Secrets().Get(string(c.Mail))
	ax.Secrets().Get(named())
	ax.Secrets().Get(pick(input.GetK()))
	for _, p := range providers {
		ax.Secrets().Get(p.Secret)
	}
	for i := range providers {
		ax.Secrets().Get(providers[i].Secret)
	}
	for i := 0; i < len(c.All); i++ {
		ax.Secrets().Get(c.All[i])
	}
	for k, v := range table {
		_ = k
		ax.Secrets().Get(v.Secret)
	}
	if n, ok := c.ByKind[input.GetK()]; ok {
		ax.Secrets().Get(n)
	}
	for _, h := range handlers {
		h(ax)
	}
	deps{Context: ax}.token()
	get := ax.Secrets().Get
	get("ALIAS")
	sec := ax.Secrets()
	if v, ok := sec.Get("IFINIT"); ok && v != "" {
		fmt.Println(v)
	}
	func() {
		key := "INNER"
		ax.Secrets().Get(key)
	}()
	ax.Secrets().Get(key)
	fetch := func(name string) string {
		v, _ := ax.Secrets().Get(name)
		return v
	}
	fetch("CLOSURE")
	ax.Secrets().Get(fmt.Sprintf("%s_KEY", "SPR"))
	ax.Secrets().Get(strings.ToUpper("up"))
	ax.Secrets().Get(strings.Join([]string{"J", "K"}, "_"))
	ax.Secrets().Get(os.Getenv("X"))
	ax.Secrets().Get(input.GetName())
	ax.Secrets().Get(`RAW`)
	var name string
	switch input.GetK() {
	case "a":
		name = "SW_A"
	case "b":
		name = "SW_B"
	}
	ax.Secrets().Get(name)
	for _, n := range [...]string{"AR_A", "AR_B"} {
		ax.Secrets().Get(n)
	}
	tests := []struct {
		n string
		f func(string)
	}{{n: "AN_A"}, {"AN_B", nil}}
	for _, t := range tests {
		ax.Secrets().Get(t.n)
	}
	go func(n string) { ax.Secrets().Get(n) }("GOFN")
	defer func() { ax.Secrets().Get("DEFER") }()
	var src c.Source = ax.Secrets()
	src.Get("IFACE")
	var sx axiom.Secrets
	sx = ax.Secrets()
	sx.Get("VARTYPE")
	q := map[string]func(string) string{}
	_ = q
	tok, _ := ax.Secrets().Get("LOGGED")
	ax.Log().Info("t", "value", tok)
	ax.Log().Info("t", "has", tok != "", "n", len(tok))
	slog.Info("x", "tok", tok)
	url := fmt.Sprintf("https://x/?k=%s", tok)
	_ = url
	axiom.SecretStatusOf(ax.Secrets(), "STATUS")
	_ = err
	return &gen.B{Text: "a" + m["RQ_A"], Other: tok}, nil
}

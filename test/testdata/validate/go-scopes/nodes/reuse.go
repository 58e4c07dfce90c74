package nodes

import (
	"context"
	"strings"
	"a/axiom"
	"a/gen"
)

type want struct{ name, label string }

var wants = []want{{"W_ONE", "one"}, {name: "W_TWO", label: "two"}}

func Reuse(ctx context.Context, ax axiom.Context, input *gen.A) (*gen.B, error) {
	if v, ok := ax.Secrets().Get("FIRST"); ok {
		use(v)
	}
	if v, ok := input.Map["x"]; ok {
		ax.Log().Info("v", "v", v)
	}
	key, ok := ax.Secrets().Get("SECOND")
	if !ok {
		return nil, errors.New("no")
	}
	msg := strings.ReplaceAll(input.Msg, key, "***")
	ax.Log().Info(msg)
	for _, w := range wants {
		if val, ok := ax.Secrets().Get(w.name); ok {
			use(val)
		}
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		t, _ := ax.Secrets().Get("THIRD")
		return use(t)
	})
	switch input.Mode {
	case "a":
		key, _ = ax.Secrets().Get("MODE_A")
	default:
		key = input.Key
		ax.Log().Info("key from input", "key", key)
	}
	return &gen.B{Text: "ok"}, nil
}

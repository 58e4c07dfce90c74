package nodes

import (
	"context"

	"acme/doubles/axiom"
	gen "acme/doubles/gen"
)

type deps struct {
	axiom.Context
	secrets axiom.Secrets
}

// Sum adds.
func Sum(ctx context.Context, ax axiom.Context, input *gen.In) (*gen.Out, error) {
	d := deps{Context: ax, secrets: ax.Secrets()}
	key, ok := d.secrets.Get("SUM_KEY")
	if !ok {
		return nil, nil
	}
	names := map[string]string{"eu": "SUM_EU_KEY", "us": "SUM_US_KEY"}
	if name, ok := names[input.GetRegion()]; ok {
		if _, ok := ax.Secrets().Get(name); !ok {
			ax.Log().Warn("no key for region", "name", name)
		}
	}
	read := func(name string) string {
		v, _ := ax.Secrets().Get(name)
		return v
	}
	out := &gen.Out{}
	out.Value = int64(len(key) + len(read("SUM_OFFSET")))
	return out, nil
}

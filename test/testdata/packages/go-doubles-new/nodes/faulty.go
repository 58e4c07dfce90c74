package nodes

import (
	"context"
	"errors"
	"time"

	"acme/graph-tools/axiom"
	gen "acme/graph-tools/gen"
)

func Faulty(ctx context.Context, ax axiom.Context, input *gen.Text) (*gen.Word, error) {
	key, _ := ax.Secrets().Get("MAPS_API_KEY")
	switch input.GetText() {
	case "error":
		return nil, errors.New("https://maps.example/?key=" + key)
	case "panic":
		panic("the key was " + key)
	case "wait":
		ax.Log().Warn("waiting")
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(time.Minute):
		}
	}
	return &gen.Word{Word: "fine"}, nil
}

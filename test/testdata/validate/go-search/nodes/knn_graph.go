package nodes

import (
	"context"
	"fmt"

	ax2 "acme/search/axiom"
	gen "acme/search/gen"
)

type client struct {
	ax   ax2.Context
	name string
}

func newClient(ax ax2.Context, name string) *client {
	return &client{ax: ax, name: name}
}

func (c *client) token() (string, error) {
	token, ok := c.ax.Secrets().Get(c.name)
	if !ok {
		return "", fmt.Errorf("required secret %q is not configured", c.name)
	}
	return token, nil
}

// KNNGraph builds a neighbour graph.
func KNNGraph(ctx context.Context, ax ax2.Context, input *gen.Query) (*gen.Candidates, error) {
	token, err := newClient(ax, "GRAPH_TOKEN").token()
	if err != nil {
		return nil, err
	}
	secrets := ax.Secrets()
	user, _ := secrets.Get(fmt.Sprintf("%s_USER", graphPrefix))
	secret, err := resolve(ax, input.GetSecretName())
	if err != nil {
		return nil, err
	}
	return &gen.Candidates{Error: user, Count: int32(len(token) + len(secret))}, nil
}

func resolve(ax ax2.Context, name string) (string, error) {
	if v, ok := ax.Secrets().Get(name); ok {
		return v, nil
	}
	return "", fmt.Errorf("required secret %q is not configured", name)
}

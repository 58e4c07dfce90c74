package nodes

import (
	"context"

	"acme/http/axiom"
	gen "acme/http/gen"
)

type secretGetter interface {
	Get(name string) (string, bool)
}

// Fetch gets a page.
func Fetch(ctx context.Context, ax axiom.Context, input *gen.Request) (*gen.Response, error) {
	proxy := must(ax.Secrets(), "PROXY_PASSWORD")
	carrier, err := authCarrier(ax, input.GetAuthType(), input.GetAuthSecretName())
	if err != nil {
		return nil, err
	}
	return do(ctx, input, carrier, proxy)
}

// Post sends a page.
func Post(ctx context.Context, ax axiom.Context, input *gen.Request) (*gen.Response, error) {
	user, pass := credentials(ax.Secrets())
	return do(ctx, input, user+":"+pass, "")
}

func credentials(s axiom.Secrets) (user, pass string) {
	user, _ = s.Get("HTTP_USER")
	pass, _ = s.Get("HTTP_PASS")
	return user, pass
}

func must(s secretGetter, name string) string {
	v, _ := s.Get(name)
	return v
}

func authCarrier(ax axiom.Context, kind, secretName string) (string, error) {
	switch kind {
	case "bearer", "header":
		value, ok := ax.Secrets().Get(secretName)
		if !ok {
			return "", nil
		}
		return "Bearer " + value, nil
	}
	return "", nil
}

func do(ctx context.Context, input *gen.Request, carrier, proxy string) (*gen.Response, error) {
	header := input.Header.Get("secret")
	return &gen.Response{Status: int32(len(carrier) + len(proxy) + len(header))}, nil
}

package nodes

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
)

type provider int

const (
	mapbox provider = iota
	google
)

var secretOf = map[provider]string{
	mapbox: "MAPBOX_TOKEN",
	google: "GOOGLE_MAPS_KEY",
}

var errMissing = errors.New("not configured")

type geocoder struct {
	token  string
	client *client
}

func newGeocoder(s axiom.Secrets, p provider) (*geocoder, error) {
	token, ok := s.Get(secretOf[p]) // ~ reads MAPBOX_TOKEN, reads GOOGLE_MAPS_KEY
	if !ok {
		return nil, fmt.Errorf("%s: %w", secretOf[p], errMissing)
	}
	return &geocoder{token: token, client: newClient()}, nil
}

func (g *geocoder) url(query string) string {
	return fmt.Sprintf("https://maps.example/v1?q=%s&token=%s", query, g.token)
}

func (g *geocoder) find(ctx context.Context, query string) (string, error) {
	url := g.url(query)
	answer, err := g.client.get(ctx, url)
	if err != nil {
		return "", fmt.Errorf("get %s: %w", url, err)
	}
	return answer, nil
}

func Geocode(ctx context.Context, ax axiom.Context, in *gen.Request) (*gen.Reply, error) {
	p := mapbox
	if in.GetKind() == "google" {
		p = google
	}
	g, err := newGeocoder(ax.Secrets(), p)
	if err != nil {
		ax.Log().Error(err.Error())
		return nil, err
	}
	found, err := g.find(ctx, in.GetQuery())
	if err != nil {
		slog.Error("find", "err", err) // ~ log
		return &gen.Reply{Error: err.Error()}, nil // ~ message
	}
	slog.Info("found", "n", len(found), "hasToken", g.token != "")
	return &gen.Reply{Text: found}, nil
}

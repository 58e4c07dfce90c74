package creds

import (
	"errors"
	"fmt"
	"me/go/axiom"
)

type Name string

const (
	Mail   Name = "CR_MAIL"
	Prefix      = "APP"
	Full        = Prefix + "_FULL"
)

var All = []string{"ALL_A", "ALL_B"}
var ByKind = map[string]string{"a": "BK_A", "b": "BK_B"}

type Source interface {
	Get(name string) (string, bool)
}

type Store struct {
	ax   axiom.Context
	sec  axiom.Secrets
	name string
}

type Option func(*Store)

func WithName(n string) Option { return func(s *Store) { s.name = n } }

func New(ax axiom.Context, opts ...Option) *Store {
	s := &Store{ax: ax, sec: ax.Secrets(), name: "ST_DEF"}
	for _, o := range opts {
		o(s)
	}
	return s
}

func (s *Store) Must(name string) string {
	v, ok := s.ax.Secrets().Get(name)
	if !ok {
		panic(fmt.Sprintf("no %s", name))
	}
	return v
}

func (s Store) Own() (string, bool) { return s.sec.Get(s.name) }

type Emb struct {
	*Store
	extra string
}

func (e Emb) Extra() string { return e.Must("EMB_EXTRA") }

func Require(ax axiom.Context, names ...string) (map[string]string, error) {
	out := make(map[string]string, len(names))
	for _, n := range names {
		v, ok := ax.Secrets().Get(n)
		if !ok {
			return nil, errors.New("missing " + n)
		}
		out[n] = v
	}
	return out, nil
}

func From(src Source, name string) string {
	v, _ := src.Get(name)
	return v
}

func FromFunc(get func(string) (string, bool), name string) string {
	if v, ok := get(name); ok {
		return v
	}
	return ""
}

func Typed(ax axiom.Context, n Name) string {
	v, _ := ax.Secrets().Get(string(n))
	return v
}

func First[T ~string](ax axiom.Context, names []T) string {
	for _, n := range names {
		if v, ok := ax.Secrets().Get(string(n)); ok {
			return v
		}
	}
	return ""
}

func Rec(ax axiom.Context, n string, d int) string {
	if d == 0 {
		v, _ := ax.Secrets().Get(n)
		return v
	}
	return Rec(ax, n, d-1)
}

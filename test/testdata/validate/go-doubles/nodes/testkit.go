package nodes

import "acme/doubles/axiom"

type fakeContext struct {
	axiom.Context
	values map[string]string
}

func (f fakeContext) Get(name string) (string, bool) {
	v, ok := f.values[name]
	return v, ok
}

func touch(ax axiom.Context) {
	ax.Secrets().Get("TESTKIT_ONLY")
}

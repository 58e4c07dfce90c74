package nodes

import "acme/graph-tools/axiom"

// keyOf is a helper that takes ax and the name.
func keyOf(ax axiom.Context, name string) (string, bool) {
	secrets := ax.Secrets()
	return secrets.Get(name)
}

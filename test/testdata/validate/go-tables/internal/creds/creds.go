package creds
import "my-org/go-tables/axiom"
type C struct { ax axiom.Context }
func New(ax axiom.Context) *C { return &C{ax: ax} }
func (c *C) Key() string { v, _ := c.ax.Secrets().Get("CL1"); return v }
func Fetch(ax axiom.Context, name string) string { v, _ := ax.Secrets().Get(name); return v }

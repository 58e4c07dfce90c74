package nodes
import ("context"; "me/x/axiom"; "me/x/gen")
func Beta(ctx context.Context, ax axiom.Context, in *gen.A) (*gen.B, error) { j := job{ax, betaJob{"x"}}; use(j.run()); use(resolve(ax, betaJob{})); return &gen.B{}, nil }

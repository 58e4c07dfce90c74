package nodes
import ("context"; "me/x/axiom"; "me/x/gen")
func Alpha(ctx context.Context, ax axiom.Context, in *gen.A) (*gen.B, error) { j := &job{ax: ax, n: alphaJob{}}; use(j.run()); return &gen.B{}, nil }

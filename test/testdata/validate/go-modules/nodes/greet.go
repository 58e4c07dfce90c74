// Reads in many shapes, one a line; what is expected of each stands in expected.json.
package nodes
import ("context"; "me/go/axiom"; "me/go/gen"; "me/go/pkg/a"; bb "me/go/pkg/b")
func Greet(ctx context.Context, ax axiom.Context, in *gen.A) (*gen.B, error) {
	a.Load(ax); bb.Load(ax); bb.Dot(ax); bb.All(ax)
	a.Default.Read(ax)
	a.Conf{Secret: "LIT"}.Read(ax)
	ax.Secrets().Get(a.Key)
	ax.Secrets().Get(bb.Key2)
	ax.Secrets().Get(a.Default.Secret)
	return nil, nil
}

// Reads by the constants that axiom generate makes of declared names; their own file is not checked in.
package nodes
import (
	"context"
	"my-org/go-constants/axiom"
	gen "my-org/go-constants/gen"
)
func Greet(ctx context.Context, ax axiom.Context, input *gen.A) (*gen.B, error) {
	k, ok := ax.Secrets().Get(axiom.SecretNameGreeterKey)
	p, _ := ax.Secrets().Get(axiom.SecretNameSmtpPassword)
	for _, n := range []string{axiom.SecretNameOther} {
		ax.Secrets().Get(n)
	}
	return &gen.B{}, nil
}

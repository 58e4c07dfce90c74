// Package nodes holds the handlers of this package, one file per node.
package nodes

import (
	"context"
	"fmt"

	"my-org/greeter/axiom"
	"my-org/greeter/gen"
)

// Greet greets the caller, signing with the tenant's configured signature.
func Greet(ctx context.Context, ax axiom.Context, input *gen.GreetRequest) (*gen.GreetReply, error) {
	signature, ok := ax.Secrets().Get("GREETER_SIGNATURE")
	if !ok {
		signature = "anonymous"
	}
	return &gen.GreetReply{Greeting: fmt.Sprintf("Hello %s, from %s", input.GetName(), signature)}, nil
}

package nodes

import (
	"context"

	"acme/older-generator/axiom"
	gen "acme/older-generator/gen"
)

func Weigh(ctx context.Context, ax axiom.Context, input *gen.Load) (*gen.Load, error) {
	ax.Log().Info("weighing")
	return &gen.Load{Grams: input.GetGrams() * axiom.Kilo}, nil
}

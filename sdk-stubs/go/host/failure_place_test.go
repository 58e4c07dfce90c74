package host

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"axiom.stub/node/nodepb"
)

func oldHandler(context.Context, *nodepb.NodeDescription) (*nodepb.NodeDescription, error) {
	return nil, nil
}

func place() error { return errors.New("a text that nobody sees") }

func TestAnErrorIsToldByTheTypesThatItWrapsAndTheHandlersPlace(t *testing.T) {
	if types := typesOf(fmt.Errorf("in greet: %w", place())); types != "*fmt.wrapError, *errors.errorString" {
		t.Error(types)
	}
	if at := placeOf(place); !strings.HasPrefix(at, "host/failure_place_test.go:") {
		t.Error(at)
	}
}

func TestAHandlerOfAnOlderFormHasItsOwnPlace(t *testing.T) {
	node := Unary("Old", UnaryWithoutContext(oldHandler)).At(oldHandler)
	if !strings.HasPrefix(node.place, "host/failure_place_test.go:") {
		t.Error(node.place)
	}
}

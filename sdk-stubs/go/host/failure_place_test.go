package host

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func place() error { return errors.New("a text that nobody sees") }

func TestAnErrorIsToldByTheTypesThatItWrapsAndTheHandlersPlace(t *testing.T) {
	if types := typesOf(fmt.Errorf("in greet: %w", place())); types != "*fmt.wrapError, *errors.errorString" {
		t.Error(types)
	}
	if at := placeOf(place); !strings.HasPrefix(at, "host/failure_place_test.go:") {
		t.Error(at)
	}
}

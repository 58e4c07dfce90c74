package nodes_test

import (
	"testing"

	"axiom.stub/node/axiom"
)

func TestTheDoubleAnswersAsTheHostDoes(t *testing.T) {
	var ax axiom.Context = &testContext{
		t:            t,
		secretsMap:   map[string]string{"KEY": "line\r\nend\n", "GONE": "old"},
		revokedNames: map[string]bool{"GONE": true},
	}
	for _, each := range []struct {
		name, value string
		found       bool
		status      axiom.SecretStatus
	}{
		{"KEY", "line\r\nend\n", true, axiom.SecretStatusAvailable},
		{"GONE", "", false, axiom.SecretStatusRevoked},
		{"", "", false, axiom.SecretStatusUnset},
	} {
		value, found := ax.Secrets().Get(each.name)
		if value != each.value || found != each.found || axiom.SecretStatusOf(ax.Secrets(), each.name) != each.status {
			t.Errorf("%q: %q %t %s", each.name, value, found, axiom.SecretStatusOf(ax.Secrets(), each.name))
		}
	}
}

// onlyGet is a double of before Status existed.
type onlyGet map[string]string

func (s onlyGet) Get(name string) (string, bool) { value, found := s[name]; return value, found }

func TestADoubleWithoutStatusNeverSaysRevoked(t *testing.T) {
	secrets := onlyGet{"KEY": "value"}
	if got := axiom.SecretStatusOf(secrets, "KEY"); got != axiom.SecretStatusAvailable {
		t.Error(got)
	}
	if got := axiom.SecretStatusOf(secrets, "GONE"); got != axiom.SecretStatusUnset {
		t.Error(got)
	}
}

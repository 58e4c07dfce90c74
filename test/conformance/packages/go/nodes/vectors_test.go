package nodes_test

import (
	"bufio"
	"context"
	"encoding/hex"
	"os"
	"strings"
	"testing"

	gen "axiom/conformance/gen"
	"axiom/conformance/nodes"
)

type vector struct {
	id      string
	secrets map[string]string
	revoked map[string]bool
	reads   [][]string
}

// The generated mock obeys the conformance vectors: vectors.txt, which the driver writes.
func TestMockObeysTheVectors(t *testing.T) {
	for _, v := range readVectors(t) {
		t.Run(v.id, func(t *testing.T) {
			request := &gen.ProbeRequest{}
			for _, read := range v.reads {
				request.Names = append(request.Names, text(t, read[0]))
			}
			ax := &testContext{t: t, secretsMap: v.secrets, revokedNames: v.revoked}
			reply, err := nodes.Probe(context.Background(), ax, request)
			if err != nil {
				t.Fatal(err)
			}
			for i, read := range v.reads {
				seen := reply.GetReadings()[i]
				value := hex.EncodeToString(seen.GetValue())
				if seen.GetStatus() != read[1] || value != read[2] || seen.GetFound() != (read[1] == "available") {
					t.Errorf("%q: found %t, status %s, %d bytes", seen.GetName(), seen.GetFound(), seen.GetStatus(), len(seen.GetValue()))
				}
			}
		})
	}
}

func readVectors(t *testing.T) []*vector {
	file, err := os.Open("../vectors.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var all []*vector
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		fields := strings.Split(lines.Text(), "\t")
		if len(all) == 0 || all[len(all)-1].id != fields[0] {
			all = append(all, &vector{id: fields[0], secrets: map[string]string{}, revoked: map[string]bool{}})
		}
		v := all[len(all)-1]
		switch fields[1] {
		case "secret":
			v.secrets[text(t, fields[2])] = text(t, fields[3])
		case "revoked":
			v.revoked[text(t, fields[2])] = true
		case "read":
			v.reads = append(v.reads, fields[2:])
		}
	}
	return all
}

func text(t *testing.T, hexed string) string {
	bytes, err := hex.DecodeString(hexed)
	if err != nil {
		t.Fatal(err)
	}
	return string(bytes)
}

// Makes ../notes-go.json: checkpoints signed by golang.org/x/mod/sumdb/note with keys of its own. Ed25519 signs the
// same text always the same way, so whoever signs it with the same key must make the same note.
//
//	go run . > ../notes-go.json
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

type vector struct {
	VerifierKey string `json:"verifierKey"`
	// The 32 bytes of the private key, hex.
	Seed string `json:"seed"`
	Text string `json:"text"`
	Note string `json:"note"`
}

func main() {
	var vectors []vector
	for index, text := range []string{
		"axiom-0000000000000001/service\n1\n" + strings.Repeat("A", 43) + "=\n",
		"axiom-0000000000000001/tenant/acme\n123456789\nqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=\n",
		"one\n\nblank lines — and more\n",
	} {
		random := bytes.NewReader(bytes.Repeat([]byte{byte(index + 1)}, 64))
		skey, vkey, err := note.GenerateKey(random, fmt.Sprintf("axiom-%016d", index+1))
		check(err)
		signer, err := note.NewSigner(skey)
		check(err)
		signed, err := note.Sign(&note.Note{Text: text}, signer)
		check(err)
		verifier, err := note.NewVerifier(vkey)
		check(err)
		_, err = note.Open(signed, note.VerifierList(verifier))
		check(err)
		encoded, err := base64.StdEncoding.DecodeString(skey[strings.LastIndex(skey, "+")+1:])
		check(err)
		vectors = append(vectors, vector{vkey, fmt.Sprintf("%x", encoded[1:]), text, string(signed)})
	}
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	check(out.Encode(vectors))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

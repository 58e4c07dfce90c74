// Makes test vectors with Tink for Go, and opens those of others: `make` writes vectors to
// stdout, `open` reads vectors from stdin and writes what it could open. README.md tells the form.
package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"os"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/hybrid"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/mac"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
	"github.com/tink-crypto/tink-go/v2/signature"
)

// text is bytes that JSON carries as hexadecimal digits.
type text []byte

func (t text) MarshalJSON() ([]byte, error) { return json.Marshal(hex.EncodeToString(t)) }

func (t *text) UnmarshalJSON(raw []byte) error {
	var digits string
	if err := json.Unmarshal(raw, &digits); err != nil {
		return err
	}
	decoded, err := hex.DecodeString(digits)
	*t = decoded
	return err
}

type hybridVector struct {
	Note          string `json:"note"`
	PrivateKeyset text   `json:"privateKeyset"`
	PublicKeyset  text   `json:"publicKeyset"`
	ContextInfo   text   `json:"contextInfo"`
	Plaintext     text   `json:"plaintext"`
	Ciphertext    text   `json:"ciphertext"`
}

type aeadVector struct {
	Note           string `json:"note"`
	Keyset         text   `json:"keyset"`
	AssociatedData text   `json:"associatedData"`
	Plaintext      text   `json:"plaintext"`
	Ciphertext     text   `json:"ciphertext"`
}

type macVector struct {
	Note   string `json:"note"`
	Keyset text   `json:"keyset"`
	Data   text   `json:"data"`
	Mac    text   `json:"mac"`
}

type signatureVector struct {
	Note          string `json:"note"`
	PrivateKeyset text   `json:"privateKeyset"`
	PublicKeyset  text   `json:"publicKeyset"`
	Message       text   `json:"message"`
	Signature     text   `json:"signature"`
}

type encryptedKeysetVector struct {
	Note            string `json:"note"`
	Kek             text   `json:"kek"`
	AssociatedData  text   `json:"associatedData"`
	EncryptedKeyset text   `json:"encryptedKeyset"`
	Keyset          text   `json:"keyset"`
}

type vectors struct {
	MadeBy           string                  `json:"madeBy"`
	Hybrid           []hybridVector          `json:"hybrid"`
	Aead             []aeadVector            `json:"aead"`
	Mac              []macVector             `json:"mac"`
	Signature        []signatureVector       `json:"signature"`
	EncryptedKeysets []encryptedKeysetVector `json:"encryptedKeysets"`
}

// opened lists, for each vector in its order, whether it opened to what it says.
type opened struct {
	Hybrid           []bool `json:"hybrid"`
	Aead             []bool `json:"aead"`
	Mac              []bool `json:"mac"`
	Signature        []bool `json:"signature"`
	EncryptedKeysets []bool `json:"encryptedKeysets"`
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func serialize(handle *keyset.Handle) text {
	var buffer bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewBinaryWriter(&buffer)); err != nil {
		log.Fatal(err)
	}
	return buffer.Bytes()
}

func parse(serialized text) (*keyset.Handle, error) {
	return insecurecleartextkeyset.Read(keyset.NewBinaryReader(bytes.NewReader(serialized)))
}

func raw(template *tinkpb.KeyTemplate) *tinkpb.KeyTemplate {
	template.OutputPrefixType = tinkpb.OutputPrefixType_RAW
	return template
}

// rotations are keysets at the moments of a rotation, each with the keyset that seals at that moment.
func rotations(template, rawTemplate *tinkpb.KeyTemplate) map[string][2]*keyset.Handle {
	manager := keyset.NewManager()
	first := must(manager.Add(template))
	if err := manager.SetPrimary(first); err != nil {
		log.Fatal(err)
	}
	one := must(manager.Handle())
	second := must(manager.Add(template))
	two := must(manager.Handle())
	if err := manager.SetPrimary(second); err != nil {
		log.Fatal(err)
	}
	switched := must(manager.Handle())
	if err := manager.Disable(first); err != nil {
		log.Fatal(err)
	}
	retired := must(manager.Handle())
	if err := manager.Enable(first); err != nil {
		log.Fatal(err)
	}
	must(manager.Add(rawTemplate))
	withRaw := must(manager.Handle())
	rawOnly := must(keyset.NewHandle(rawTemplate))
	return map[string][2]*keyset.Handle{
		"one key":                             {one, one},
		"a second key stands by":              {one, two},
		"sealed before the new key took over": {one, switched},
		"sealed by the new key":               {switched, switched},
		"beside a key without prefix":         {switched, withRaw},
		"the old key is disabled":             {switched, retired},
		"a key without prefix":                {rawOnly, rawOnly},
	}
}

var order = []string{
	"one key", "a second key stands by", "sealed before the new key took over", "sealed by the new key",
	"beside a key without prefix", "the old key is disabled", "a key without prefix",
}

func makeVectors() vectors {
	plaintext := text("sk-test-🔑\nsecond line")
	bound := text("bound to this")
	made := vectors{MadeBy: "tink-go"}

	hybridCases := rotations(hybrid.DHKEM_P256_HKDF_SHA256_HKDF_SHA256_AES_256_GCM_Key_Template(),
		hybrid.DHKEM_P256_HKDF_SHA256_HKDF_SHA256_AES_256_GCM_Raw_Key_Template())
	aeadCases := rotations(aead.AES256GCMKeyTemplate(), aead.AES256GCMNoPrefixKeyTemplate())
	macCases := rotations(mac.HMACSHA256Tag256KeyTemplate(), raw(mac.HMACSHA256Tag256KeyTemplate()))
	for _, note := range order {
		sealing, opening := hybridCases[note][0], hybridCases[note][1]
		public := must(sealing.Public())
		made.Hybrid = append(made.Hybrid, hybridVector{note, serialize(opening), serialize(public), bound, plaintext,
			must(must(hybrid.NewHybridEncrypt(public)).Encrypt(plaintext, bound))})

		sealing, opening = aeadCases[note][0], aeadCases[note][1]
		made.Aead = append(made.Aead, aeadVector{note, serialize(opening), bound, plaintext,
			must(must(aead.New(sealing)).Encrypt(plaintext, bound))})

		sealing, opening = macCases[note][0], macCases[note][1]
		made.Mac = append(made.Mac, macVector{note, serialize(opening), plaintext,
			must(must(mac.New(sealing)).ComputeMAC(plaintext))})
	}
	short := must(keyset.NewHandle(aead.AES128GCMKeyTemplate()))
	made.Aead = append(made.Aead, aeadVector{"AES-128-GCM, nothing bound", serialize(short), nil, plaintext,
		must(must(aead.New(short)).Encrypt(plaintext, nil))})

	signing := must(keyset.NewHandle(signature.ECDSAP256KeyTemplate()))
	made.Signature = append(made.Signature, signatureVector{"one key", serialize(signing),
		serialize(must(signing.Public())), plaintext, must(must(signature.NewSigner(signing)).Sign(plaintext))})

	kek := must(keyset.NewHandle(aead.AES256GCMKeyTemplate()))
	var wrapped bytes.Buffer
	if err := signing.WriteWithAssociatedData(keyset.NewBinaryWriter(&wrapped), must(aead.New(kek)), bound); err != nil {
		log.Fatal(err)
	}
	made.EncryptedKeysets = append(made.EncryptedKeysets, encryptedKeysetVector{"one key", serialize(kek), bound,
		wrapped.Bytes(), serialize(signing)})
	return made
}

func opensHybrid(v hybridVector) bool {
	handle, err := parse(v.PrivateKeyset)
	if err != nil {
		return false
	}
	primitive, err := hybrid.NewHybridDecrypt(handle)
	if err != nil {
		return false
	}
	plaintext, err := primitive.Decrypt(v.Ciphertext, v.ContextInfo)
	return err == nil && bytes.Equal(plaintext, v.Plaintext)
}

func opensAead(v aeadVector) bool {
	handle, err := parse(v.Keyset)
	if err != nil {
		return false
	}
	primitive, err := aead.New(handle)
	if err != nil {
		return false
	}
	plaintext, err := primitive.Decrypt(v.Ciphertext, v.AssociatedData)
	return err == nil && bytes.Equal(plaintext, v.Plaintext)
}

func verifiesMac(v macVector) bool {
	handle, err := parse(v.Keyset)
	if err != nil {
		return false
	}
	primitive, err := mac.New(handle)
	return err == nil && primitive.VerifyMAC(v.Mac, v.Data) == nil
}

func verifiesSignature(v signatureVector) bool {
	handle, err := parse(v.PublicKeyset)
	if err != nil {
		return false
	}
	primitive, err := signature.NewVerifier(handle)
	return err == nil && primitive.Verify(v.Signature, v.Message) == nil
}

func unwraps(v encryptedKeysetVector) bool {
	handle, err := parse(v.Kek)
	if err != nil {
		return false
	}
	kek, err := aead.New(handle)
	if err != nil {
		return false
	}
	reader := keyset.NewBinaryReader(bytes.NewReader(v.EncryptedKeyset))
	unwrapped, err := keyset.ReadWithAssociatedData(reader, kek, v.AssociatedData)
	if err != nil {
		return false
	}
	wanted, err := parse(v.Keyset)
	return err == nil && bytes.Equal(serialize(unwrapped), serialize(wanted))
}

func each[T any](list []T, opens func(T) bool) []bool {
	answers := make([]bool, 0, len(list))
	for _, vector := range list {
		answers = append(answers, opens(vector))
	}
	return answers
}

func main() {
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	switch {
	case len(os.Args) == 2 && os.Args[1] == "make":
		if err := encoder.Encode(makeVectors()); err != nil {
			log.Fatal(err)
		}
	case len(os.Args) == 2 && os.Args[1] == "open":
		var theirs vectors
		if err := json.NewDecoder(os.Stdin).Decode(&theirs); err != nil {
			log.Fatal(err)
		}
		answers := opened{each(theirs.Hybrid, opensHybrid), each(theirs.Aead, opensAead), each(theirs.Mac, verifiesMac),
			each(theirs.Signature, verifiesSignature), each(theirs.EncryptedKeysets, unwraps)}
		if err := encoder.Encode(answers); err != nil {
			log.Fatal(err)
		}
	default:
		fmt.Fprintln(os.Stderr, "usage: make | open")
		os.Exit(2)
	}
}

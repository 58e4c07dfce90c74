// What Go prints of a value. Reads values in base64, one a line; writes language, form and text.
package main

import (
	"bufio"
	"bytes"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"log/slog"
	"net/url"
	"os"
	"strconv"
)

type settings struct{ Host, Token string }

func slogText(v string) string {
	var out bytes.Buffer
	slog.New(slog.NewTextHandler(&out, nil)).Info("used", "key", v)
	return out.String()
}

func slogJSON(v string) string {
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("used", "key", v)
	return out.String()
}

func marshalled(v string) string {
	text, _ := json.Marshal(map[string]string{"key": v})
	return string(text)
}

func xmlText(v string) string {
	var out bytes.Buffer
	_ = xml.EscapeText(&out, []byte(v))
	return out.String()
}

func openError(v string) string {
	_, err := os.Open(v)
	return fmt.Sprint(err)
}

func atoiError(v string) string {
	_, err := strconv.Atoi(v)
	return fmt.Sprint(err)
}

var forms = []struct {
	name string
	text func(string) string
}{
	{"%v", func(v string) string { return fmt.Sprintf("%v", v) }},
	{"%q", func(v string) string { return fmt.Sprintf("%q", v) }},
	{"%+q", func(v string) string { return fmt.Sprintf("%+q", v) }},
	{"%#v of a struct", func(v string) string { return fmt.Sprintf("%#v", settings{"db", v}) }},
	{"%+v of a struct", func(v string) string { return fmt.Sprintf("%+v", settings{"db", v}) }},
	{"%v of bytes", func(v string) string { return fmt.Sprintf("%v", []byte(v)) }},
	{"%#v of bytes", func(v string) string { return fmt.Sprintf("%#v", []byte(v)) }},
	{"%x", func(v string) string { return fmt.Sprintf("%x", v) }},
	{"% X", func(v string) string { return fmt.Sprintf("% X", v) }},
	{"hex.Dump", func(v string) string { return hex.Dump([]byte(v)) }},
	{"wrapped error", func(v string) string { return fmt.Errorf("login: %w", errors.New("refused "+v)).Error() }},
	{"os.Open error", openError},
	{"strconv.Atoi error", atoiError},
	{"slog text", slogText},
	{"slog JSON", slogJSON},
	{"json.Marshal", marshalled},
	{"url.QueryEscape", url.QueryEscape},
	{"url.PathEscape", url.PathEscape},
	{"url.UserPassword", func(v string) string { return url.UserPassword("app", v).String() }},
	{"base64.StdEncoding", func(v string) string { return base64.StdEncoding.EncodeToString([]byte(v)) }},
	{"base64.RawURLEncoding", func(v string) string { return base64.RawURLEncoding.EncodeToString([]byte(v)) }},
	{"base32.StdEncoding", func(v string) string { return base32.StdEncoding.EncodeToString([]byte(v)) }},
	{"html.EscapeString", html.EscapeString},
	{"xml.EscapeText", xmlText},
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		value, _ := base64.StdEncoding.DecodeString(lines.Text())
		for _, form := range forms {
			text := base64.StdEncoding.EncodeToString([]byte(form.text(string(value))))
			fmt.Printf("go\t%s\t%s\n", form.name, text)
		}
	}
}

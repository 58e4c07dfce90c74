// Reads .env files with the package that docker compose reads env_file with. Each argument is a file; prints one JSON
// object per line, null for a file that is refused.
package main

import (
	"bufio"
	"encoding/json"
	"os"

	"github.com/compose-spec/compose-go/v2/dotenv"
)

func main() {
	paths := bufio.NewScanner(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	for paths.Scan() {
		file, err := os.Open(paths.Text())
		if err != nil {
			panic(err)
		}
		values, err := dotenv.Parse(file)
		file.Close()
		if err != nil {
			values = nil
		}
		if err := out.Encode(values); err != nil {
			panic(err)
		}
	}
}

package provider

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/goccy/go-yaml"
)

var update = flag.Bool("update", false, "write data/providers.json anew from data/providers.yaml")

// The YAML file is what people edit; the program embeds the JSON made of it.
func TestJSONIsMadeOfYAML(t *testing.T) {
	source, err := os.ReadFile("data/providers.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var f file
	if err := yaml.UnmarshalWithOptions(source, &f, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	want, err := json.MarshalIndent(f, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if *update {
		if err := os.WriteFile("data/providers.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(want, builtinJSON) {
		t.Error("data/providers.json is not what data/providers.yaml gives; run: go test ./internal/provider -run JSON -update")
	}
}

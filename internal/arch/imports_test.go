// Package arch holds the rules of who imports whom, as a test.
package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	root   = "../.." // of the module, from here
	module = "sendplan/"
)

// allowed is all that a package may import besides the standard library: other
// packages of the module by their path in it, and other modules by their
// import path (packages below it included). An edge that is not here is a
// question of design, to be answered here.
var allowed = map[string][]string{
	"cmd/sendplan": {"internal/cli", "internal/quiet"},

	// The protocols know DNS and nothing else: no severities, no providers.
	"spf":   {"internal/dns"},
	"dkim":  {"internal/dns", "github.com/emersion/go-msgauth"},
	"dmarc": {"internal/dns"}, // not spf and dkim: alignment compares names

	"internal/dns":                {"github.com/miekg/dns", "golang.org/x/net/idna", "golang.org/x/sys"},
	"internal/dns/dnsserver":      {"internal/dns", "github.com/miekg/dns"},
	"internal/dns/realserver":     {"internal/dns"}, // for tests
	"internal/finding":            {"internal/dns"},
	"internal/mtasts":             {"internal/dns"},
	"internal/authority":          {"internal/dns"},
	"internal/fetch":              {"internal/dns", "internal/mtasts"},
	"internal/dnsbl":              {"internal/dns"},
	"internal/survey":             {"internal/dns"},
	"internal/provider":           {"internal/dns", "dkim"}, // dkim: the states of Microsoft's selectors
	"internal/world":              {"internal/dns"},
	"internal/inventory":          {"internal/dns", "github.com/goccy/go-yaml"},
	"internal/inventory/exchange": {"internal/inventory", "internal/dns"},
	"internal/method":             {"internal/dns", "internal/provider", "internal/inventory"}, // for the words of the inventory; fleet fills its input
	"internal/check": {"internal/survey", "internal/provider", "internal/mtasts", "internal/dnsbl", "spf", "dkim", "dmarc", "internal/dns", "internal/finding",
		"golang.org/x/net/publicsuffix"},
	"internal/proof": {"internal/method", "internal/provider", "internal/check", "spf", "dkim", "dmarc", "internal/dns"},
	"planner": {"internal/inventory", "internal/authority", "internal/fleet", "internal/proof", "internal/method", "internal/provider", "internal/survey", "internal/check", "spf", "dkim", "dmarc",
		"internal/dns", "internal/dnsbl", "internal/finding", "internal/shell", "golang.org/x/net/publicsuffix"},

	"internal/evidence": {"internal/dns"},
	"internal/fleet":    {"internal/inventory", "internal/method", "internal/provider", "internal/dns"},
	"internal/intake":   {"internal/inventory", "internal/evidence", "internal/check", "internal/provider", "internal/dns", "spf", "dkim"},
	"internal/message":  {"internal/check", "spf", "dkim", "dmarc", "internal/dns", "github.com/emersion/go-msgauth"},
	"internal/compare":  {"internal/check", "internal/finding", "internal/dns"},

	// What shows results reads the types of those who made them.
	"internal/words":   {"planner", "internal/proof", "internal/method", "internal/check", "internal/dns", "spf", "dkim", "dmarc"}, // what the reports and the wizard say alike
	"internal/render":  {"internal/words", "internal/runbook", "planner", "internal/proof", "internal/fleet", "internal/intake", "internal/evidence", "internal/inventory", "internal/inventory/exchange", "internal/method", "internal/check", "internal/compare", "internal/message", "internal/finding", "internal/dns", "internal/term", "spf", "dkim", "dmarc"},
	"internal/zone":    {"planner", "internal/dns", "internal/term"}, // term: what is safe in a comment
	"internal/runbook": {"planner", "internal/method", "internal/inventory", "internal/dns", "internal/zone", "internal/shell"},

	// What the wizard asks and shows, as data. Its two front ends get the world as one interface value from cli.
	"planner/interview": {"planner", "internal/words", "internal/shell", "internal/proof", "internal/inventory", "internal/intake", "internal/fleet", "internal/method", "internal/provider", "internal/check", "internal/survey", "spf", "dkim", "dmarc",
		"internal/dns", "internal/finding"},
	"planner/interview/interviewtest": {"planner/interview", "planner", "internal/inventory", "internal/intake", "internal/check", "internal/survey", "internal/dns", "internal/world"}, // a world for tests
	"internal/prompt":                 {"planner/interview", "planner", "internal/survey", "internal/dns", "internal/term"},
	"tui":                             {"planner/interview", "planner", "internal/survey", "internal/dns", "internal/term", "github.com/charmbracelet"},

	"internal/term":            {"golang.org/x/term", "golang.org/x/sys", "github.com/mattn/go-runewidth"},
	"internal/quiet":           {},
	"internal/shell":           {},
	"internal/quiet/quiettest": {"internal/quiet", "github.com/charmbracelet"}, // a program for the test of quiet
	"internal/cli":             anything("github.com/spf13/cobra", "github.com/spf13/pflag"),
	"internal/arch":            {},
}

// anything returns all packages of the module that cli wires together, and the
// modules given.
func anything(modules ...string) []string {
	return append(modules, "spf", "dkim", "dmarc", "planner", "planner/interview", "tui",
		"internal/authority", "internal/check", "internal/compare", "internal/dns", "internal/dns/dnsserver", "internal/evidence", "internal/fetch", "internal/finding", "internal/fleet", "internal/intake", "internal/inventory", "internal/inventory/exchange", "internal/message", "internal/method",
		"internal/prompt", "internal/provider", "internal/quiet", "internal/render", "internal/runbook", "internal/shell", "internal/survey",
		"internal/term", "internal/world", "internal/zone")
}

// sources parses all Go files of the module that are no tests, for whatever
// platform they are, and hands them to visit with their package's path.
func sources(t *testing.T, visit func(pkg, file string, f *ast.File)) {
	t.Helper()
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != root && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") || strings.HasPrefix(d.Name(), "_")):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		file := filepath.ToSlash(rel)
		visit(path.Dir(file), file, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestImports(t *testing.T) {
	t.Parallel()
	files := 0
	sources(t, func(pkg, file string, f *ast.File) {
		files++
		may, listed := allowed[pkg]
		if !listed {
			t.Errorf("%s: package %s is not in the table of imports", file, pkg)
		}
		for _, spec := range f.Imports {
			target, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if !permitted(target, may) {
				t.Errorf("%s imports %s, which the table does not allow", file, target)
			}
		}
	})
	if files == 0 {
		t.Error("no sources were found")
	}
}

// permitted reports whether an import is of the standard library or in may.
func permitted(target string, may []string) bool {
	if own, ok := strings.CutPrefix(target, module); ok {
		return slices.Contains(may, own)
	}
	if first, _, _ := strings.Cut(target, "/"); !strings.Contains(first, ".") {
		return true
	}
	return slices.ContainsFunc(may, func(m string) bool { return target == m || strings.HasPrefix(target, m+"/") })
}

// The edges that the design turns on, whatever the table above comes to say.
func TestTable(t *testing.T) {
	t.Parallel()
	for what, only := range map[string][]string{
		"github.com/miekg/dns":     {"internal/dns", "internal/dns/dnsserver"},
		"github.com/charmbracelet": {"tui", "internal/quiet/quiettest"},
		"github.com/spf13/cobra":   {"internal/cli"},
		"github.com/goccy/go-yaml": {"internal/inventory"},
		"internal/cli":             {"cmd/sendplan"},
	} {
		for pkg, may := range allowed {
			if permittedHere := permitted(qualified(what), may); permittedHere != slices.Contains(only, pkg) {
				t.Errorf("the table lets %s import %s: %v", pkg, what, permittedHere)
			}
		}
	}
	for _, protocol := range []string{"spf", "dkim", "dmarc"} {
		for _, edge := range allowed[protocol] {
			if edge != "internal/dns" && edge != "github.com/emersion/go-msgauth" {
				t.Errorf("%s may import %s", protocol, edge)
			}
		}
	}
	for pkg := range allowed {
		if cycle(pkg, pkg, map[string]bool{}) {
			t.Errorf("the table has a cycle through %s", pkg)
		}
	}
}

// qualified returns the import path of an entry of the table.
func qualified(edge string) string {
	if strings.Contains(strings.Split(edge, "/")[0], ".") {
		return edge
	}
	return module + edge
}

// cycle reports whether from leads to target.
func cycle(target, from string, seen map[string]bool) bool {
	for _, next := range allowed[from] {
		if next == target {
			return true
		}
		if !seen[next] {
			seen[next] = true
			if cycle(target, next, seen) {
				return true
			}
		}
	}
	return false
}

// Nothing runs before main but what internal/quiet must do.
func TestNoInit(t *testing.T) {
	t.Parallel()
	sources(t, func(pkg, file string, f *ast.File) {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if ok && fn.Recv == nil && fn.Name.Name == "init" && pkg != "internal/quiet" {
				t.Errorf("%s has an init function", file)
			}
		}
	})
}

package provider

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sendplan/dkim"
)

func TestSelectors(t *testing.T) {
	t.Parallel()
	google, _ := ByInclude("_spf.google.com")
	microsoft, _ := ByInclude("spf.protection.outlook.com")
	var many []string
	for i := range 15 {
		many = append(many, fmt.Sprintf("s%d", 100+i))
	}
	for _, tc := range []struct {
		name     string
		given    []string
		detected []Entry
		want     string
	}{
		{"nothing known", nil, nil, "selector1 selector2 google s1 s2 k2 k1 default dkim mail k3"},
		{"Microsoft", nil, []Entry{microsoft, microsoft}, "selector1 selector2 google s1 s2 k2 k1 default dkim mail k3"},
		{"Google", nil, []Entry{google}, "selector1 selector2 google google2048 google1 google2 20230601 s1 s2 k2 k1"},
		{"given first", []string{"Foo", "selector2", "foo"}, nil, "foo selector2 selector1 google s1 s2 k2 k1 default dkim mail"},
		{"many given", many, []Entry{google}, strings.Join(many, " ") + " selector1 selector2"},
	} {
		if got := strings.Join(Selectors(tc.given, tc.detected, false), " "); got != tc.want {
			t.Errorf("%s: got %q, want %q", tc.name, got, tc.want)
		}
	}
	deep := Selectors([]string{"foo"}, []Entry{google}, true)
	if len(deep) < 360 || deep[0] != "foo" || !slices.Contains(deep, "mbo0001") {
		t.Errorf("deep: %d selectors", len(deep))
	}
	for _, s := range deep {
		if clean, err := dkim.ParseSelector(s); err != nil || clean != s {
			t.Errorf("%q: %v", s, err)
		}
	}
	if len(unique(deep)) != len(deep) {
		t.Error("a selector is there twice")
	}
}

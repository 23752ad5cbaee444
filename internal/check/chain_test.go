package check_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"sendplan/internal/check"
	"sendplan/internal/dns"
	"sendplan/internal/survey"
	"sendplan/internal/world"
)

// late answers after a delay, in virtual time.
type late struct {
	dns.Resolver
	delay time.Duration
}

func (l late) Lookup(ctx context.Context, name dns.Name, t dns.Type) (dns.Answer, error) {
	time.Sleep(l.delay)
	return l.Resolver.Lookup(ctx, name, t)
}

// TestTimeOfACheck: a check takes as long as its longest chain of questions that
// need each other. The selectors need the MX and the SPF record, and do not wait
// for what the record includes.
func TestTimeOfACheck(t *testing.T) {
	zones, err := world.Zones()
	if err != nil {
		t.Fatal(err)
	}
	for name, chain := range map[dns.Name]int{
		"parked.example":           2, // the SPF record, the selectors
		"nordwind.example":         2, // the SPF record, its include beside the selectors
		"too-many-lookups.example": 4, // the SPF record, and three deep in includes
	} {
		t.Run(name.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const delay = 30 * time.Millisecond
				start := time.Now()
				check.Gather(context.Background(), late{zones, delay}, name, check.Options{}, survey.Options{})
				if took := time.Since(start); took != time.Duration(chain)*delay {
					t.Errorf("took %v, want %d delays of %v", took, chain, delay)
				}
			})
		})
	}
}

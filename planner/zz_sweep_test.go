package planner

import (
	"fmt"
	"os"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

type sweeper struct{}
type sweepFail string

func (sweeper) Helper() {}
func (sweeper) Fatalf(f string, a ...any) { panic(sweepFail(fmt.Sprintf(f, a...))) }

func TestZZSweep(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("SWEEP"))
	from, _ := strconv.Atoi(os.Getenv("FROM"))
	if n == 0 {
		t.Skip()
	}
	only := os.Getenv("ONLY")
	counts, first := map[string]int{}, map[string]string{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	start := time.Now()
	next := make(chan int)
	var planT [3]time.Duration
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for seed := range next {
				for k, f := range []func(s scene){func(s scene) { checkPlan(sweeper{}, s) }, func(s scene) { checkSame(sweeper{}, s) }, func(s scene) { checkFailure(sweeper{}, s, seed*7919%1000, seed%2 == 0) }} {
					if only != "" && !strings.Contains(only, strconv.Itoa(k)) {
						continue
					}
					s := rapid.Custom(drawScene).Example(seed)
					func() {
						st := time.Now()
						defer func() {
							mu.Lock()
							defer mu.Unlock()
							planT[k] += time.Since(st)
							if r := recover(); r != nil {
								msg := fmt.Sprint(r)
								if _, ok := r.(sweepFail); !ok {
									msg = "PANIC " + msg + string(debug.Stack())
								}
								class := regexp.MustCompile(`[0-9a-f:.]*[0-9][0-9a-f:./]*|"[^"]*"|\[[^\]]*\]`).ReplaceAllString(strings.SplitN(msg, "\n", 2)[0], "#")
								class = regexp.MustCompile(`[a-z_.#]+\.example`).ReplaceAllString(class, "D")
								if len(class) > 90 {
									class = class[:90]
								}
								counts[class]++
								if old, ok := first[class]; !ok || len(msg) < len(old) {
									first[class] = fmt.Sprintf("seed %d kind %d\n%s", seed, k, msg)
								}
							}
						}()
						f(s)
					}()
				}
			}
		}()
	}
	for i := range n {
		next <- from + i
	}
	close(next)
	wg.Wait()
	var keys []string
	for k := range counts {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int { return counts[b] - counts[a] })
	var b strings.Builder
	for _, k := range keys {
		fmt.Fprintf(&b, "%5d %s\n", counts[k], k)
	}
	fmt.Fprintf(&b, "%v for %d: %v\n", time.Since(start), n, planT)
	for _, k := range keys {
		fmt.Fprintf(&b, "\n================ %d %s\n%s\n", counts[k], k, first[k])
	}
	os.WriteFile("/tmp/q2-sweep.txt", []byte(b.String()), 0o644)
	t.Log(strings.SplitN(b.String(), "=====", 2)[0])
}

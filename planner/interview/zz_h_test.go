package interview_test

import (
	"fmt"
	"strings"
	"testing"

	"sendplan/planner/interview"
	"sendplan/planner/interview/interviewtest"
)

func bigState(b testing.TB, n int) interview.State {
	s := interviewtest.Office(b)
	var t strings.Builder
	t.Write(s.Draft.Bytes())
	for i := range n {
		fmt.Fprintf(&t, "  - {name: dev%d, kind: scanner, site: hq, now: smtp-auth, from: [d%d@nordwind.example], recipients: anyone, auth: basic, tls: \"1.2\", per_day: 20}\n", i, i)
	}
	s.Draft = interviewtest.Draft(b, t.String())
	return s
}

func BenchmarkBig(b *testing.B) {
	for _, n := range []int{200, 1000} {
		s := bigState(b, n)
		run := func(name string, f func()) {
			b.Run(fmt.Sprintf("%s-%d", name, n), func(b *testing.B) {
				for b.Loop() {
					f()
				}
			})
		}
		run("Table", func() { s.Table() })
		run("Open", func() { s.Questions(interview.Subject{Of: interview.OfOpen}, nil) })
		run("Device", func() { s.Questions(interview.Subject{Of: interview.OfDevice, Name: "dev7"}, nil) })
		run("New", func() { s.Questions(interview.Subject{Of: interview.OfDevice}, interview.Answers{"name": "x"}) })
		run("Put", func() { s.Put(interview.Subject{Of: interview.OfDevice, Name: "dev7"}, interview.Answers{"per_day": "30"}) })
		run("RecommendAll", func() { s.Recommend("") })
		var l strings.Builder
		for i := range n {
			fmt.Fprintf(&l, "x%d,x%d@nordwind.example,hq,smtp-auth\n", i, i)
		}
		run("Parse", func() { s.ParseDevices(l.String()) })
	}
}

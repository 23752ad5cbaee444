package tui

import (
	"testing"

	"pgregory.net/rapid"
)

func TestFitColumns(t *testing.T) {
	t.Parallel()
	tests := []struct {
		natural []int
		w       int
		want    []int
	}{
		{nil, 80, nil},
		{[]int{5, 5}, 80, []int{5, 5}},
		{[]int{5, 5}, 12, []int{5, 5}},
		{[]int{5, 5}, 11, []int{5}},
		{[]int{40, 40}, 42, []int{25, 15}},
		{[]int{20, 30, 30}, 60, []int{20, 18, 18}},
		{[]int{11, 28, 6, 15, 12}, 62, []int{11, 12, 6, 13, 12}}, // the last, a method, stays whole
		{[]int{90}, 8, []int{8}},
		{[]int{90, 3}, 0, []int{0}},
	}
	for _, test := range tests {
		got := fitColumns(test.natural, test.w)
		if len(got) != len(test.want) {
			t.Errorf("%v in %d: %v, want %v", test.natural, test.w, got, test.want)
			continue
		}
		for i := range got {
			if got[i] != test.want[i] {
				t.Errorf("%v in %d: %v, want %v", test.natural, test.w, got, test.want)
			}
		}
	}
}

func TestFitColumnsFits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		natural := rapid.SliceOfN(rapid.IntRange(0, 200), 1, 8).Draw(t, "natural")
		w := rapid.IntRange(0, 200).Draw(t, "w")
		got, all, want := fitColumns(natural, w), -columnGap, -columnGap
		for i, n := range got {
			all += n + columnGap
			if n > natural[i] || n < 0 {
				t.Fatalf("column %d of %v has %d cells", i, natural, n)
			}
		}
		for _, n := range natural {
			want += n + columnGap
		}
		if all > w || (want <= w) != (all == want && len(got) == len(natural)) {
			t.Fatalf("%v in %d: %v", natural, w, got)
		}
	})
}

package ledger_test

import (
	"bufio"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"polarweb.nl/inzage/internal/ledger"
)

// ratio times ours and a peer in turn, so that both see the same machine, and
// reports how many times as long ours takes.
func ratio(b *testing.B, peerName string, ours, peer func()) {
	b.Helper()
	var our, their time.Duration
	for b.Loop() {
		start := time.Now()
		ours()
		middle := time.Now()
		peer()
		our, their = our+middle.Sub(start), their+time.Since(middle)
	}
	b.ReportMetric(float64(our)/float64(their), "x-"+peerName)
	b.ReportMetric(float64(our.Milliseconds())/float64(b.N), "ours-ms/op")
}

// BenchmarkVerify verifies 10,000 rows beside a peer that only reads them as
// JSON, whatever they say.
func BenchmarkVerify(b *testing.B) {
	w := newWorld(b, large)
	export := w.export(b)
	ratio(b, "encoding/json", func() {
		if !w.verify(b, export).OK() {
			b.Fatal("the export is not whole")
		}
	}, func() {
		for lines := bufio.NewScanner(strings.NewReader(export)); lines.Scan(); {
			var row map[string]any
			if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkGrow appends 8,000 leaves in batches, each with its root, beside
// tlog alone, which appends them one by one and computes no root.
func BenchmarkGrow(b *testing.B) {
	leaves := newLeaves(8000)
	ratio(b, "tlog", func() {
		var store hashes
		for size := 0; size < len(leaves); size += ledger.MaxGrowth {
			growth, err := ledger.Grow(int64(size), leaves[size:size+ledger.MaxGrowth], store.read)
			if err != nil {
				b.Fatal(err)
			}
			store = append(store, growth.Hashes...)
		}
	}, func() {
		var store []tlog.Hash
		read := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
			list := make([]tlog.Hash, len(indexes))
			for i, index := range indexes {
				list[i] = store[index]
			}
			return list, nil
		})
		for i, leaf := range leaves {
			added, err := tlog.StoredHashesForRecordHash(int64(i), tlog.Hash(leaf), read)
			if err != nil {
				b.Fatal(err)
			}
			store = append(store, added...)
		}
	})
}

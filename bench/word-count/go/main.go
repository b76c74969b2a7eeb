// A word count whose splitting and formatting are functions of its own, for the benchmark of Job
// services.
package main

import (
	"context"
	"flag"
	"log"
	"strconv"
	"strings"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem/local"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/textio"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/transforms/stats"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/x/beamx"
)

// split emits the words of a line.
func split(line string, emit func(string)) {
	for _, word := range strings.Fields(line) {
		emit(word)
	}
}

// format makes the line of a word and its count.
func format(word string, count int) string { return word + ": " + strconv.Itoa(count) }

func init() {
	register.Function2x0(split)
	register.Function2x1(format)
	register.Emitter1[string]()
}

func main() {
	input := flag.String("input", "", "the text")
	output := flag.String("output", "", "the file of counts")
	flag.Parse()
	beam.Init()
	pipeline := beam.NewPipeline()
	root := pipeline.Root()
	words := beam.ParDo(root.Scope("Split"), split, textio.Read(root, *input))
	lines := beam.ParDo(root.Scope("Format"), format, stats.Count(root, words))
	textio.Write(root, *output, lines)
	if err := beamx.Run(context.Background(), pipeline); err != nil {
		log.Fatal(err)
	}
}

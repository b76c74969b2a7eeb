// A pipeline whose step Identity hands every element on, for the benchmark of the Fn API host.
package main

import (
	"context"
	"flag"
	"log"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/x/beamx"
)

// identity is the function whose worker is measured.
func identity(element []byte) []byte { return element }

func init() { register.Function1x1(identity) }

func main() {
	flag.Parse()
	beam.Init()
	pipeline := beam.NewPipeline()
	root := pipeline.Root()
	beam.ParDo(root.Scope("Identity"), identity, beam.Impulse(root))
	if err := beamx.Run(context.Background(), pipeline); err != nil {
		log.Fatal(err)
	}
}

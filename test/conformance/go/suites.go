// Package suites names Beam's tests that run against a Job service, so that go.mod says what they need.
package suites

import (
	_ "github.com/apache/beam/sdks/v2/go/test/integration"
	_ "github.com/apache/beam/sdks/v2/go/test/integration/primitives"
	_ "github.com/apache/beam/sdks/v2/go/test/integration/synthetic"
	_ "github.com/apache/beam/sdks/v2/go/test/integration/wordcount"
	_ "github.com/apache/beam/sdks/v2/go/test/regression"
)

package cli

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	cli "github.com/urfave/cli/v3"

	"herald/internal/report"
)

// Version is this version of herald.
const Version = "0.1.0"

// versionInfo is what "version" tells.
type versionInfo struct {
	Herald    string   `json:"herald_version"`
	Platform  string   `json:"platform"`
	Go        string   `json:"go_version"`
	Revision  string   `json:"revision,omitempty"`
	Providers []string `json:"providers"`
}

func versionCommand(e *env) *cli.Command {
	var asJSON bool
	return &cli.Command{
		Name:  "version",
		Usage: "print herald's version",
		Flags: []cli.Flag{documentFlag(e, &asJSON)},
		Action: func(_ context.Context, c *cli.Command) error {
			if err := noArgs(c); err != nil {
				return err
			}
			return printVersion(e, asJSON)
		},
	}
}

func printVersion(e *env, asJSON bool) error {
	v := versionInfo{
		Herald: Version, Platform: runtime.GOOS + "_" + runtime.GOARCH, Go: runtime.Version(), Providers: e.registry.Names(),
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				v.Revision = s.Value
			}
		}
	}
	if asJSON {
		return report.Document(e.out, v)
	}
	_, err := fmt.Fprintf(e.out, "Herald v%s\non %s\n", v.Herald, v.Platform)
	return err
}

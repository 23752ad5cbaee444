// Command sendplan keeps mail flowing: it checks a domain's mail DNS and plans
// how each sender moves to a method that lasts. See "sendplan help".
package main

import (
	"sendplan/internal/quiet" // must stay the first import that runs: see its comment

	"context"
	"os"
	"os/signal"
	"syscall"

	"sendplan/internal/cli"
)

func main() {
	quiet.Restore()
	ends := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // nohup means to go on
		ends = append(ends, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), ends...)
	code := cli.Main(ctx, cli.System(), os.Args[1:])
	stop()
	os.Exit(code)
}

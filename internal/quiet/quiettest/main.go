// Command quiettest has the layout of sendplan's main and prints what became of
// CI. It is built by the tests of package quiet and is no part of the product.
package main

import (
	"fmt"
	"os"

	_ "github.com/charmbracelet/bubbletea"
)

func main() {
	restore()
	value, found := os.LookupEnv("CI")
	fmt.Printf("CI=%q %t\n", value, found)
}

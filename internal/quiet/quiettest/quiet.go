//go:build !loud

package main

import "sendplan/internal/quiet"

func restore() { quiet.Restore() }

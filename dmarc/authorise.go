package dmarc

import (
	"fmt"

	"sendplan/internal/dns"
)

// AuthorisationRecord is the text with which a host agrees to get reports, to
// be published at the [AuthorisationName]. RFC 9990 §4 does without the
// semicolon; erratum 5440 to RFC 7489 has it mandatory.
const AuthorisationRecord = "v=DMARC1;"

// AuthorisationName returns the name at which host agrees to get reports about
// at, the domain whose record asks for them (RFC 9990 §4). It fails if that is
// too long for a domain name: then host can never agree.
func AuthorisationName(at, host dns.Name) (dns.Name, error) {
	name, err := host.Child(at.String() + "._report._dmarc")
	if err != nil {
		return "", fmt.Errorf("%s cannot agree to get reports about %s: the name to publish that at is too long for a domain name", host, at)
	}
	return name, nil
}

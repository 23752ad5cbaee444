package dns

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"mime"
	"net/http"
)

// dohType is the media type of questions and answers, RFC 8484 §6.
const dohType = "application/dns-message"

// newHTTPClient returns what speaks HTTPS: HTTP/2 on one connection where the
// server can, through a proxy if the environment names one, and without
// following redirects, which would ask somebody whom the user did not name.
func newHTTPClient(roots *x509.CertPool) *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			TLSClientConfig:        &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
			ForceAttemptHTTP2:      true,
			MaxConnsPerHost:        maxTLSConns,
			MaxIdleConnsPerHost:    maxTLSConns,
			MaxResponseHeaderBytes: 1 << 16,
			DisableCompression:     true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// overHTTPS asks by POST (RFC 8484 §4.1).
func (c *Client) overHTTPS(ctx context.Context, s Server, q query) ([]byte, *Error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	// RFC 8484 §4.1: the ID is 0, TLS keeps question and answer together.
	q.wire = bytes.Clone(q.wire)
	q.wire[0], q.wire[1] = 0, 0
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL, bytes.NewReader(q.wire))
	if err != nil {
		return nil, c.network(err)
	}
	req.Header.Set("Content-Type", dohType)
	req.Header.Set("Accept", dohType)
	res, err := c.http.Do(req)
	if err != nil {
		return nil, c.network(err)
	}
	defer res.Body.Close()
	if failed := refusedByHTTP(res); failed != nil {
		return nil, failed
	}
	msg, err := io.ReadAll(io.LimitReader(res.Body, maxMessage+1))
	if err != nil {
		return nil, c.network(err)
	}
	if len(msg) > maxMessage {
		return nil, malformed("it is longer than %d octets", maxMessage)
	}
	return msg, q.accept(msg)
}

// refusedByHTTP says why a response carries no DNS message, nil if it does.
func refusedByHTTP(res *http.Response) *Error {
	if res.StatusCode != http.StatusOK {
		detail := fmt.Sprintf("HTTP status %d %s", res.StatusCode, http.StatusText(res.StatusCode))
		if res.StatusCode/100 == 3 {
			detail += ", and redirects are not followed"
		}
		return &Error{Cause: Unreachable, Detail: detail}
	}
	got := res.Header.Get("Content-Type")
	if media, _, err := mime.ParseMediaType(got); err != nil || media != dohType {
		return malformed("the response is of type %.100q, expected %s", got, dohType)
	}
	return nil
}

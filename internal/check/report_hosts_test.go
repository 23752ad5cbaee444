package check_test

// reportHosts gives mail exchangers to the domains that get reports in the cases
// about DMARC, which are about other things.
const reportHosts = `contoso.example. IN MX 10 mail.contoso.example.
reports.contoso.example. IN MX 10 mail.contoso.example.
fabrikam.example. IN MX 10 mail.contoso.example.
`

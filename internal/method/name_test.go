package method

import "testing"

func TestNames(t *testing.T) {
	t.Parallel()
	for want, o := range map[string]Option{
		"SMTP AUTH with OAuth":        {Method: SMTPAuthID, Auth: AuthOAuth},
		"Twilio SendGrid":             {Method: "relay:sendgrid"},
		"a relay service acme":        {Method: "relay:acme"},
		"a relay service":             {Method: "relay"},
		"relay on the LAN in front":   {Method: "via"},
		"relay on the LAN in front x": {Method: "via:x"},
		"nonsense":                    {Method: "nonsense"},
	} {
		if got := o.Name(); got != want {
			t.Errorf("%s: %q, want %q", o.Method, got, want)
		}
	}
	if HVE.String() != "High Volume Email" || Kind("nonsense").String() != "nonsense" || !OpenRelay.Dead() || HVE.Dead() {
		t.Error("kinds are not called by their names")
	}
}

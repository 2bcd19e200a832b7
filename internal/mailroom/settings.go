package mailroom

import (
	"slices"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// SettingsOf reads the mailroom's settings out of the organisation's profile.
func SettingsOf(profile organisation.Profile) Settings {
	settings := Settings{
		DefaultLanguage: dsr.Language(profile.Languages.Default),
		OwnAddresses:    slices.Concat(profile.Intake.Addresses, []string{profile.Sender.FromAddress}),
		Copy:            profile.Intake.Mode == organisation.ModeCopy,
		AuthservID:      profile.Intake.Provider.AuthservID,
		TrustedHosts:    profile.Intake.Provider.MXHosts,
	}
	for _, language := range profile.Languages.Offered {
		settings.Languages = append(settings.Languages, dsr.Language(language))
	}
	return settings
}

package providers

import "fmt"

// SettingError is why an account cannot be opened with a setting. Opening an account gives one for each setting that is
// wrong, joined by errors.Join.
type SettingError struct {
	Name   string // of the setting
	Detail string // what, why and how to mend, without the value where that may be secret
}

func (e *SettingError) Error() string { return e.Detail }

// WrongSetting makes a SettingError.
func WrongSetting(name, detail string) error { return &SettingError{Name: name, Detail: detail} }

// NoNumber says that a setting is none of the numbers by which vendors count, from 1 on; nil when it is one. Where says
// where the account's own is found.
func (a Account) NoNumber(name, where string) error {
	if a.Settings.Int(name) > 0 {
		return nil
	}
	return WrongSetting(name, fmt.Sprintf("%s must be a whole number from 1 on: %s", name, where))
}

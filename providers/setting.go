package providers

// SettingError is why an account cannot be opened with a setting. Opening an account gives one for each setting that is
// wrong, joined by errors.Join.
type SettingError struct {
	Name   string // of the setting
	Detail string // what, why and how to mend, without the value where that may be secret
}

func (e *SettingError) Error() string { return e.Detail }

// WrongSetting makes a SettingError.
func WrongSetting(name, detail string) error { return &SettingError{Name: name, Detail: detail} }

package sandbox

// avaamoReceiver is a member of a conversation as its summary shows them, in the documented order.
type avaamoReceiver struct {
	FirstName        string     `json:"first_name"`
	LastName         string     `json:"last_name"`
	LayerID          string     `json:"layer_id"`
	Phone            *string    `json:"phone"`
	Email            *string    `json:"email"`
	AvaamoID         int64      `json:"avaamo_id"`
	Avatar           bool       `json:"avatar"`
	AvatarUpdatedAt  *string    `json:"avatar_updated_at"`
	CustomProperties struct{}   `json:"custom_properties"`
	DisplayName      string     `json:"display_name"`
	BotUserInfo      []struct{} `json:"bot_user_info"`
}

// avaamoConversationView is a conversation's summary, in the documented order.
type avaamoConversationView struct {
	UUID            string           `json:"uuid"`
	Mode            bool             `json:"mode"`
	MembersType     int              `json:"members_type"`
	Avatar          bool             `json:"avatar"`
	Name            *string          `json:"name"`
	CreatedAt       avaamoSeconds    `json:"created_at"`
	User            *avaamoUser      `json:"user"`
	Receivers       []avaamoReceiver `json:"receivers"`
	AvatarUpdatedAt *string          `json:"avatar_updated_at"`
	Description     *string          `json:"description"`
	LastMessage     *avaamoEntryView `json:"last_message"`
	MembersCount    int              `json:"members_count"`
}

// conversationView makes the summary of a conversation, also of one that holds nothing.
func (a *avaamo) conversationView(uuid string) avaamoConversationView {
	v := avaamoConversationView{UUID: uuid, MembersType: 2, CreatedAt: avaamoSeconds(a.vendor.start.Unix())}
	for _, u := range []avaamoUser{avaamoAgentUser(), avaamoPerson(uuid)} {
		v.Receivers = append(v.Receivers, avaamoReceiver{FirstName: u.FirstName, LastName: u.LastName, LayerID: u.LayerID,
			AvaamoID: u.AvaamoID, DisplayName: u.FirstName + " " + u.LastName, BotUserInfo: []struct{}{}})
	}
	v.MembersCount = len(v.Receivers)
	latest := avaamoEverything()
	latest.perPage = 1
	if entries, _ := a.store.list(uuid, latest); len(entries) > 0 {
		last := entries[0].view(false, true)
		v.LastMessage = &last
	}
	return v
}

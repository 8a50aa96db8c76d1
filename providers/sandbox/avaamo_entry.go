package sandbox

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// avaamoAgent is the display name of the one agent.
const avaamoAgent = "Sandbox Agent"

// avaamoSeconds is a time as Avaamo writes it: seconds since the epoch, always with a fraction.
type avaamoSeconds float64

// MarshalJSON writes 1582737781 as 1582737781.0.
func (s avaamoSeconds) MarshalJSON() ([]byte, error) {
	t := strconv.FormatFloat(float64(s), 'f', -1, 64)
	if !strings.Contains(t, ".") {
		t += ".0"
	}
	return []byte(t), nil
}

func secondsOf(microseconds int64) avaamoSeconds { return avaamoSeconds(float64(microseconds) / 1e6) }

// avaamoUser is an agent or a person, as entries show them.
type avaamoUser struct {
	FirstName       string  `json:"first_name"`
	LastName        string  `json:"last_name"`
	LayerID         string  `json:"layer_id"`
	Email           *string `json:"email"`
	Phone           *string `json:"phone"`
	Avatar          bool    `json:"avatar"`
	AvatarUpdatedAt *string `json:"avatar_updated_at"`
	AvaamoID        int64   `json:"avaamo_id"`
	*avaamoDevice           // with device_info only
}

// avaamoDevice is what device_info adds to a user.
type avaamoDevice struct {
	UserAgent  *string `json:"user_agent"`
	OSName     *string `json:"os_name"`
	ZoneOffset *int    `json:"zone_offset"`
	UTCOffset  *int    `json:"utc_offset"`
	TimeZone   *string `json:"time_zone"`
}

type avaamoReadAck struct {
	ReadAt any        `json:"read_at"` // an int64, or avaamoSeconds
	User   avaamoUser `json:"user"`
}

// avaamoEntryView is a message as the lists show it, in the documented order.
type avaamoEntryView struct {
	UUID               string          `json:"uuid"`
	Content            string          `json:"content"`
	ContentType        string          `json:"content_type"`
	CreatedAt          avaamoSeconds   `json:"created_at"`
	User               avaamoUser      `json:"user"`
	Timetoken          int64           `json:"timetoken"`
	ExternalSource     *string         `json:"external_source"`
	DeviceUUID         string          `json:"device_uuid"`
	RequestMessageUUID *string         `json:"request_message_uuid"`
	Sequence           string          `json:"sequence"`
	CustomProperties   struct{}        `json:"custom_properties"`
	AgentMessageUUID   *string         `json:"agent_message_uuid"`
	ReadAcks           []avaamoReadAck `json:"read_acks"`
	Attachments        []struct{}      `json:"attachments"`
	Conversation       struct {
		UUID        string  `json:"uuid"`
		Mode        bool    `json:"mode"`
		DisplayName string  `json:"display_name"`
		Locale      *string `json:"locale"`
	} `json:"conversation"`
}

// view makes a message's view. device adds the device of its user; fraction is for read_at.
func (e avaamoEntry) view(device, fraction bool) avaamoEntryView {
	person := avaamoPerson(e.conversation)
	v := avaamoEntryView{UUID: e.uuid, Content: e.content, ContentType: e.contentType, CreatedAt: secondsOf(e.timetoken),
		User: avaamoAgentUser(), Timetoken: e.timetoken, DeviceUUID: uuidOf(hash("device", e.conversation), 8),
		Sequence: "1/1", ReadAcks: []avaamoReadAck{}, Attachments: []struct{}{}}
	if e.person {
		v.User = person
	}
	if device {
		v.User.avaamoDevice = &avaamoDevice{}
		if e.person {
			agent, system, zone, none := "Mozilla/5.0 (sandbox)", "Linux", "UTC", 0
			v.User.avaamoDevice = &avaamoDevice{&agent, &system, &none, &none, &zone}
		}
	}
	if e.readAt != 0 {
		ack := avaamoReadAck{ReadAt: e.readAt, User: person}
		if fraction {
			ack.ReadAt = avaamoSeconds(e.readAt)
		}
		v.ReadAcks = append(v.ReadAcks, ack)
	}
	v.Conversation.UUID, v.Conversation.DisplayName = e.conversation, avaamoAgent+","+person.FirstName
	if e.locale != "" {
		v.Conversation.Locale = &e.locale
	}
	return v
}

func avaamoAgentUser() avaamoUser {
	return avaamoUser{FirstName: avaamoAgent, LayerID: uuidOf(hash("agent", ""), 8), AvaamoID: 1}
}

// avaamoPerson makes the one person of a conversation. Everything follows from the conversation's uuid.
func avaamoPerson(conversation string) avaamoUser {
	h := hash("person", conversation)
	n := int64(binary.BigEndian.Uint32(h[:])) + 2 // 1 is the agent
	return avaamoUser{FirstName: fmt.Sprintf("Person %d", n), LayerID: fmt.Sprintf("sandbox_user_%d", n), AvaamoID: n}
}

// hash gives 16 bytes that follow from two texts.
func hash(kind, of string) [16]byte {
	sum := sha256.Sum256([]byte(kind + "\x00" + of))
	return [16]byte(sum[:16])
}

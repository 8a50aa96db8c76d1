package avaamo

// quickReply is a question with answers to tap (quickReplyPage).
type quickReply struct {
	QuickReply struct {
		Content string `json:"content"`
		Links   []link `json:"links"`
	} `json:"quick_reply"`
}

// listView is rows one below the other (listPage).
type listView struct {
	ListView struct {
		Style string `json:"top_element_style,omitempty"`
		Items []item `json:"items"`
	} `json:"list_view"`
}

type item struct {
	Title    string `json:"title"`
	Subtitle string `json:"subtitle,omitempty"`
	Image    string `json:"image_path,omitempty"`
	Links    []link `json:"links"`
}

// carousel is cards side by side (carouselPage).
type carousel struct {
	Carousel struct {
		Title string    `json:"title,omitempty"`
		Cards []oneCard `json:"cards"`
	} `json:"carousel"`
}

type oneCard struct {
	Card card `json:"card"`
}

// card is a picture with text and links, or a form (cardPage).
type card struct {
	Title       string  `json:"title,omitempty"`
	Description string  `json:"description,omitempty"`
	Image       string  `json:"showcase_image_path,omitempty"`
	Links       []link  `json:"links,omitempty"`
	Inputs      []input `json:"inputs,omitempty"`
}

// link is something to tap (linkPage). The page shows where a web_page leads in value, and a mail program in url.
type link struct {
	Type  string `json:"type"`
	Title string `json:"title"`
	Value string `json:"value,omitempty"`
	URL   string `json:"url,omitempty"`
}

// input is one question of a form (lineInputPage, longInputPage, pollPage). The vendor requires an answer unless
// should_validate is false, so it is always said.
type input struct {
	Type     string   `json:"type"`
	Title    string   `json:"title"`
	SubType  string   `json:"sub_type,omitempty"`
	Required bool     `json:"should_validate"`
	UUID     string   `json:"uuid"`
	Options  []string `json:"options,omitempty"`
}

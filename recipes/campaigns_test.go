package recipes

import (
	"path/filepath"
	"testing"
)

// Two campaigns in folders of one repository, each with its own copy of the recipes, which differ in their folder and store:
// each is shown in a comment of its own, and what is sent of each is what was reviewed of it.
func TestTwoCampaigns(t *testing.T) {
	t.Parallel()
	hub := newGitHub(t)
	lab := &gitlab{repository: hub.repository, api: newGitLabAPI(t)}
	stores := map[string]string{}
	for _, folder := range []string{"shop_1", "club"} {
		hub.says("second", "The news of "+folder+".", 6)
		hub.sh(hub.work, "mkdir", folder)
		hub.sh(hub.work, "mv", "campaign.hcl", "people.csv", folder)
		hub.store = filepath.Join(t.TempDir(), folder)
		stores[folder] = hub.store
		hub.begin(folder)
	}
	head := hub.push("Two campaigns")
	each := func(do func(folder string)) {
		for _, folder := range []string{"club", "shop_1"} {
			hub.folder, hub.store = folder, stores[folder]
			do(folder)
		}
	}
	each(func(string) {
		hub.plan(head).is(t, "success")
		lab.job("plan", head, false).is(t, "success")
	})
	if len(hub.api.bots()) != 2 || len(lab.api.bots()) != 2 {
		t.Fatalf("%d comments, %d notes", len(hub.api.bots()), len(lab.api.bots()))
	}
	sha := hub.merge()
	hub.api.pulls[sha], lab.api.merges[sha] = pull{7, head}, pull{7, head}
	shown := map[string][]string{
		"club":   {hub.api.bots()[0], lab.api.bots()[0], "<!-- herald-plan club -->\n"},
		"shop_1": {hub.api.bots()[1], lab.api.bots()[1], "<!-- herald-plan shop&#95;1 -->\n"},
	}
	each(func(folder string) {
		found := hub.find(sha)
		found.is(t, "success")
		says(t, shown[folder][0], shown[folder][2], "6 to send", "-approve-digest="+found.outputs["digest"])
		says(t, shown[folder][1], shown[folder][2], "6 to send")
		if folder == "club" {
			hub.apply(sha, found).is(t, "success")
		} else {
			lab.job("apply", sha, false).is(t, "success")
		}
		hub.onlyOnce("The news of "+folder+".", 6)
	})
}

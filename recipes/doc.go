// Package recipes holds what a team copies into its own repository to review and apply campaigns in CI, and the tests that run it.
// docs/ci.md explains it all.
//
//	github/herald-plan.yml   on each pull request: check, plan, one comment, the sealed plan as an artifact
//	github/herald-apply.yml  on merge: send exactly the plan that was reviewed, after an approval
//	github/herald-due.yml    by the clock: send what has become due
//	gitlab/.gitlab-ci.yml    the same for GitLab
//	ledger.sh                takes the ledger out of a store for a run, and gives it back
//
// What the tests promise: they read the YAML as the service does, hold it to rules (few rights, nothing of a stranger's inside a
// script, one writer at a time, actions pinned by commit), and execute every script of it, in order, in a real git repository,
// with a real herald, the variables that the service sets, and a server on loopback in place of the service's API and of the
// vendors. So what is tested is the text that is copied:
//
//	r := newGitHub(t)                                        // a repository, an origin, an API, vendors
//	run := r.pullRequest("herald-plan.yml", "plan", head)    // its steps, one behind the other
//	run.ok(t)
//
// What only the service does is played by the tests: which job runs when, who may approve, and the actions that are not
// scripts (checkout, artifacts).
//
// The package must not be imported: it has no code of its own, so that a recipe depends on nothing but herald, curl and jq.
package recipes

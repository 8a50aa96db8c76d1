// Package release holds what makes a release of herald, and the tests of all ways in which herald is handed out:
//
//	../Dockerfile               the image; ../.dockerignore says what its build must not see
//	../.goreleaser.yaml         binaries, archives, checksums, the image under a release's name
//	prepare.sh                  run by goreleaser first: refuses a tag that is not herald's version, writes completions and notes
//	../.pre-commit-hooks.yaml   hooks for https://pre-commit.com
//	../recipes/precommit        a sample of their use, and a plain git hook
//
// docs/install.md says to people how to install and run what comes of it.
//
// What the tests promise: they read these files themselves, so that no copy of them can be right while they are wrong. They
// need neither docker nor goreleaser nor pre-commit. Of the Dockerfile they carry out each instruction as far as that is
// possible without the base image: its commands run in a copy of what .dockerignore lets through, and the directory that comes
// of it is the root of a real herald, run as the first process of its own world under the image's user:
//
//	im := makeImage(t)                                       // the tree that the Dockerfile makes
//	campaign := im.mount(t, "announcement", 65532)           // as docker run -v does, owned by that user
//	out := im.run(t, options{}, "plan", "-sandbox")          // chroot, that uid, pid 1, the image's environment
//
// For that they must be root on Linux; elsewhere these tests say so and are passed over. What only the real tools can tell is
// not tested here: that the base image exists, that goreleaser takes its file.
//
// The package must not be imported: it has no code of its own.
package release

#!/bin/sh
# Makes what a release holds beside its binaries, in release/out: completions for shells, and what CHANGELOG.md says of this
# version. A release under another number than the one herald calls itself is refused, as is one that CHANGELOG.md does not
# know. goreleaser runs it first:
#
#   sh release/prepare.sh 0.1.0
#
# With - for the number nothing is compared, and the notes are those of what is not released yet: a rehearsal.
set -eu
cd "$(dirname "$0")/.."

version=${1:?"say which version: sh release/prepare.sh 0.1.0"}
out=release/out
rm -rf "$out"
mkdir -p "$out/completions"

# What goreleaser builds for is not where this runs.
GOOS='' GOARCH='' go build -o "$out/herald" .
ours=$("$out/herald" version -json | sed -n 's/.*"herald_version": *"\([^"]*\)".*/\1/p')
section=$version
if [ "$version" = - ]; then
	section=Unreleased
elif [ "$ours" != "$version" ]; then
	echo "release: the tag says $version and herald calls itself $ours. Change Version in internal/cli/version.go and commit it, or tag v$ours" >&2
	exit 1
fi

awk -v want="[$section]" '
	/^## / { inside = ($2 == want); next }
	/^\[[^]]*\]: / { inside = 0 }
	inside
' CHANGELOG.md >"$out/notes.md"
if ! grep -q '[^[:space:]]' "$out/notes.md"; then
	echo "release: CHANGELOG.md says nothing under \"## [$section]\". Write there what users notice of this version" >&2
	exit 1
fi

for shell in bash zsh fish; do
	"$out/herald" completion "$shell" >"$out/completions/herald.$shell"
done
"$out/herald" completion pwsh >"$out/completions/herald.ps1" # it completes what it is named after
rm "$out/herald"

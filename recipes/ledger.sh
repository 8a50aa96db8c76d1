#!/bin/sh
# Keeps herald's ledger in a store between CI runs that have no disk of their own.
#
#   ledger.sh take   before apply: moves the stored ledger to taken/<run>, and brings it here
#   ledger.sh give   after apply, whatever came of it: puts it back
#   ledger.sh copy   before plan: brings a copy here, and leaves the store as it is
#   ledger.sh applied [COMMIT]   notes which commit's plan was carried out last, or prints it
#
# Taking moves. A run that is killed before it gives the ledger back leaves none behind, so the next run stops and says so,
# and does not send everything again from an old copy. docs/ci.md says what to do then.
#
#   HERALD_LEDGER_STORE  a directory, or the beginning of the addresses of an object store, such as s3://bucket/campaign
#   HERALD_LEDGER_COPY   the command that copies A to B there, such as "aws s3 cp"; not needed for a directory
#   HERALD_LEDGER_MOVE   the command that moves A to B there, such as "aws s3 mv"; not needed for a directory
#   HERALD_LEDGER_RUN    names this run; GitHub's and GitLab's own numbers unless set
#   HERALD_DIR           the campaign's directory, . unless set
#   HERALD_LEDGER        the ledger's path within it, herald.state unless set
#   HERALD_APPLIED       where there is no store: the file with the commit
set -eu

say() { printf '%s\n' "ledger.sh: $*" >&2; }
die() { say "$@"; exit 1; }

# The commands come from the environment as words: that is what the missing quotes are for.
copy() {
	if [ -n "${HERALD_LEDGER_COPY:-}" ]; then
		# shellcheck disable=SC2086
		$HERALD_LEDGER_COPY "$1" "$2"
	else
		mkdir -p "$(dirname "$2")"
		cp "$1" "$2" && { sync "$2" 2> /dev/null || sync; }
	fi
}

# In a directory a move is a rename: of two that move the same file one succeeds.
move() {
	if [ -n "${HERALD_LEDGER_MOVE:-}" ]; then
		# shellcheck disable=SC2086
		$HERALD_LEDGER_MOVE "$1" "$2"
	else
		mkdir -p "$(dirname "$2")"
		mv "$1" "$2"
	fi
}

umask 077
if [ "${1:-}" = applied ]; then
	at=${HERALD_LEDGER_STORE:+${HERALD_LEDGER_STORE%/}/applied}
	at=${at:-${HERALD_APPLIED:?name a file, or set HERALD_LEDGER_STORE}}
	note=$(mktemp)
	trap 'rm -f "$note"' EXIT
	if [ -n "${2:-}" ]; then
		printf '%s\n' "$2" > "$note"
		copy "$note" "$at"
		exit
	fi
	copy "$at" "$note" 2> /dev/null || die "no plan was carried out yet, or $at cannot be read"
	grep -Ex '[0-9a-f]{40}|[0-9a-f]{64}' "$note" || die "$at holds no commit"
	exit
fi

: "${HERALD_LEDGER_STORE:?name a directory or the beginning of addresses in an object store}"
store=${HERALD_LEDGER_STORE%/}
dir=${HERALD_DIR:-.}
here=$dir/${HERALD_LEDGER:-herald.state}
stored=$store/herald.state

run=${HERALD_LEDGER_RUN:-}
[ -n "$run" ] || [ -z "${GITHUB_RUN_ID:-}" ] || run=github-$GITHUB_RUN_ID-${GITHUB_RUN_ATTEMPT:-1}
[ -n "$run" ] || [ -z "${CI_JOB_ID:-}" ] || run=gitlab-$CI_JOB_ID
case $run in
'') die "set HERALD_LEDGER_RUN to a name for this run" ;;
*[!A-Za-z0-9._-]*) die "HERALD_LEDGER_RUN is $run; use letters, digits, dots and dashes" ;;
esac
taken=$store/taken/$run.state

case ${1:-} in
copy)
	copy "$stored" "$here" || die "no ledger can be read at $stored: a run has it at the moment, or was killed before it gave it back (look into $store/taken). Plan again when it is there"
	chmod 600 "$here"
	;;
take)
	[ ! -e "$here" ] || die "a ledger lies at $here already: an earlier run on this disk did not give it back. Give it back under that run's name, HERALD_LEDGER_RUN=... ledger.sh give"
	move "$stored" "$taken" || die "no ledger can be taken from $stored: another run has it, or was killed before it gave it back (look into $store/taken). Nothing was sent by this run"
	if ! copy "$taken" "$here"; then
		move "$taken" "$stored" || true
		die "the ledger could not be brought here; nothing was sent by this run"
	fi
	chmod 600 "$here"
	say "took the ledger; until it is given back it is $taken"
	;;
give)
	[ -e "$here" ] || die "there is no ledger at $here to give back"
	whole=$(mktemp -d)
	trap 'rm -rf "$whole"' EXIT
	# A herald that was killed leaves part of its ledger in a second file; a pull has both.
	herald -chdir="$dir" state pull -out="$whole/herald.state" >&2 || die "the ledger at $here cannot be read whole; keep this disk, with every file that begins with $here"
	if copy "$stored" "$whole/other" 2>/dev/null; then
		copy "$whole/herald.state" "$store/conflict/$run.state"
		die "the store has a ledger by now that this run did not put there; this run's is $store/conflict/$run.state. Find out which one is right before anything is sent"
	fi
	copy "$whole/herald.state" "$stored.$run.new"
	move "$stored.$run.new" "$stored"
	rm -f "$here" "$here-wal" "$here-shm"
	move "$taken" "$store/before/$run.state" 2>/dev/null || say "it was not taken by this run: nothing to tidy away"
	say "gave the ledger back to $stored"
	;;
*)
	die "say take, give, copy or applied"
	;;
esac

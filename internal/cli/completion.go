package cli

import (
	"context"
	"fmt"
	"io"

	cli "github.com/urfave/cli/v3"
)

// bashScript completes in bash without the bash-completion package, which the library's own script needs.
const bashScript = `# Completion of herald for bash: source <(herald completion bash)
_herald_complete() {
  local current="${COMP_WORDS[COMP_CWORD]}" line word glue=
  local -a words=()
  for word in "${COMP_WORDS[@]:0:COMP_CWORD}"; do # bash parts -chdir=DIR at the sign
    if [[ $word == = || -n $glue ]]; then words[${#words[@]}-1]+="$word"; else words+=("$word"); fi
    glue=; [[ $word == = ]] && glue=1
  done
  COMPREPLY=()
  [[ $current == = || -n $glue ]] && return # a flag's value: names of files
  [[ ${words[1]} == -chdir=* || ${words[1]} == --chdir=* ]] && words=("${words[0]}" "${words[@]:2}")
  [[ $current == -* ]] && words+=("$current")
  while IFS= read -r line; do
    line="${line%%:*}"
    [[ $line == --* && $current != --* ]] && line="${line#-}" # one dash is herald's habit
    [[ -n $line && $line == "$current"* ]] && COMPREPLY+=("$line")
  done < <("${words[@]}" --generate-shell-completion 2>/dev/null)
}
complete -o bashdefault -o default -F _herald_complete herald
`

// configureCompletion makes the library's completion command one of ours.
func configureCompletion(e *env) cli.ConfigureShellCompletionCommand {
	return func(c *cli.Command) {
		c.Hidden = false
		c.Usage = "print the completion script for bash, zsh, fish or pwsh"
		c.Action = func(_ context.Context, c *cli.Command) error {
			if c.Args().Len() == 0 {
				return fmt.Errorf("say for which shell: herald completion bash, zsh, fish or pwsh")
			}
			return fmt.Errorf("there is no completion for %q; there is for bash, zsh, fish and pwsh", c.Args().First())
		}
		for _, shell := range c.Commands {
			if shell.Name == "bash" {
				shell.Action = func(context.Context, *cli.Command) error {
					_, err := io.WriteString(e.out, bashScript)
					return err
				}
			}
		}
	}
}

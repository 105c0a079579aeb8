package io.claviger.bootstrap.cli;

import io.claviger.client.command.CompletedNames;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    description = {
      "Print a script for completion in a shell: bash, zsh or fish.",
      "The script completes commands, options, and names of services, models, definitions,"
          + " projects, groups and people.",
      "source <(claviger completion)",
      "claviger completion fish | source"
    })
final class CompletionCommand implements Callable<Integer> {
  private static final String OPTIONS = "  options=(\"$@\")\n";

  /** The shells for which there is a completion script. Zsh can use the script for bash. */
  enum Shell {
    bash,
    zsh,
    fish
  }

  @Parameters(
      arity = "0..1",
      paramLabel = "SHELL",
      description = "${COMPLETION-CANDIDATES}. bash unless given.")
  private Shell shell = Shell.bash;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  CompletionCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    CommandLine all = spec.commandLine().getParent();
    out.print(shell == Shell.fish ? FishScript.of(all) : script(all));
    out.flush();
    return ExitCode.DONE;
  }

  /**
   * Returns picocli's script with two changes. The changed script asks the server for names that
   * only the server knows, and does not split a word at the {@code @} before a group's name.
   */
  private static String script(CommandLine all) {
    String script = AutoComplete.bash("claviger", all);
    int begin = script.indexOf(OPTIONS, script.indexOf("function compReplyArray()"));
    if (begin < 0) {
      throw new IllegalStateException("the script has no list of candidates");
    }
    StringBuilder chosen = new StringBuilder("  case \"$1\" in\n");
    CompletedNames.KINDS.forEach(
        kind ->
            chosen.append(
                "    '%s') options=( $(\"${COMP_WORDS[0]}\" complete %s \"${COMP_WORDS[COMP_CWORD]}\" 2>/dev/null) ) ;;\n"
                    .formatted(CompletedNames.placeholder(kind), kind)));
    chosen.append("    *) options=(\"$@\") ;;\n  esac\n");
    return "COMP_WORDBREAKS=${COMP_WORDBREAKS//@}\n"
        + script.substring(0, begin)
        + chosen
        + script.substring(begin + OPTIONS.length());
  }

  /** Writes the completion script for fish, with a line for each command, option and argument. */
  private static final class FishScript {
    private final StringBuilder text = new StringBuilder("complete -c claviger -f\n");

    static String of(CommandLine all) {
      FishScript script = new FishScript();
      script.addOptions(all.getCommandSpec(), List.of());
      script.addCommands(all, List.of());
      return script.text.toString();
    }

    private void addCommands(CommandLine parent, List<String> path) {
      parent
          .getSubcommands()
          .forEach(
              (name, command) -> {
                CommandSpec spec = command.getCommandSpec();
                String[] about = spec.usageMessage().description();
                add(path, parent, "-a %s".formatted(name), about.length == 0 ? "" : about[0]);
                List<String> here = Stream.concat(path.stream(), Stream.of(name)).toList();
                addOptions(spec, here);
                spec.positionalParameters()
                    .forEach(
                        argument ->
                            names(argument).ifPresent(from -> add(here, command, from, "")));
                addCommands(command, here);
              });
    }

    private void addOptions(CommandSpec spec, List<String> path) {
      for (OptionSpec option : spec.options()) {
        if (!option.hidden()) {
          String names =
              Arrays.stream(option.names())
                  .map(
                      name ->
                          name.startsWith("--")
                              ? "-l " + name.substring(2)
                              : "-s " + name.substring(1))
                  .collect(Collectors.joining(" "));
          boolean valued = option.arity().max() > 0;
          String[] about = option.description();
          add(
              path,
              spec.commandLine(),
              names + (valued ? " -x " + names(option).orElse("") : ""),
              about.length == 0 ? "" : about[0]);
        }
      }
    }

    /**
     * Adds a line to the script. The shell uses this line if exactly the given commands have been
     * typed so far.
     */
    private void add(List<String> path, CommandLine of, String what, String about) {
      String further = String.join(" ", of.getSubcommands().keySet());
      String condition =
          path.isEmpty()
              ? "__fish_use_subcommand"
              : path.stream()
                      .map("__fish_seen_subcommand_from %s"::formatted)
                      .collect(Collectors.joining("; and "))
                  + (what.startsWith("-a ") && !further.isEmpty()
                      ? "; and not __fish_seen_subcommand_from " + further
                      : "");
      text.append("complete -c claviger -n '%s' %s".formatted(condition, what.strip()));
      if (!about.isEmpty()) {
        text.append(
            " -d '%s'"
                .formatted(
                    about
                        .replaceAll("\\$\\{[^}]*}", "…")
                        .replace("\\", "\\\\")
                        .replace("'", "\\'")));
      }
      text.append('\n');
    }

    private static Optional<String> names(ArgSpec argument) {
      Iterable<String> candidates = argument.completionCandidates();
      if (candidates == null) {
        return Optional.empty();
      }
      List<String> words = StreamSupport.stream(candidates.spliterator(), false).toList();
      return CompletedNames.KINDS.stream()
          .filter(kind -> words.equals(List.of(CompletedNames.placeholder(kind))))
          .findFirst()
          .map(
              kind ->
                  "-a '(command claviger complete %s (commandline -ct) 2>/dev/null)'"
                      .formatted(kind))
          .or(() -> Optional.of("-a '%s'".formatted(String.join(" ", words))));
    }
  }
}

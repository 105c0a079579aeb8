package io.claviger.bootstrap.cli;

import io.claviger.bootstrap.settings.EditDistance;
import io.claviger.client.ClientCommands;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Explains to the operator what is wrong with the arguments. The explanation only refers to the
 * command's help and does not include it, so that the explanation is the last thing that the
 * operator sees.
 */
final class WrongUsage implements IParameterExceptionHandler {
  private static final int LONGEST_NAME = 64;

  @Override
  public int handleParseException(ParameterException fault, String[] arguments) {
    if (ClientCommands.helps(fault)) {
      return CommandLine.ExitCode.OK;
    }
    CommandLine command = fault.getCommandLine();
    PrintWriter err = command.getErr();
    if (command.getSubcommands().isEmpty()) {
      err.print(command.getHelp().fullSynopsis());
      err.printf("`%s --help` says more.%n", command.getCommandSpec().qualifiedName());
    } else {
      command.usage(err);
    }
    err.println("claviger: " + sentence(fault, command));
    err.flush();
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static String sentence(ParameterException fault, CommandLine command) {
    return fault instanceof UnmatchedArgumentException unmatched
        ? unmatched(unmatched.getUnmatched().get(0), command)
        : String.valueOf(fault.getMessage());
  }

  private static String unmatched(String argument, CommandLine command) {
    if (argument.length() > LONGEST_NAME) {
      return "there is an argument too many";
    }
    if (!argument.startsWith("-") && !command.getSubcommands().isEmpty()) {
      return noCommand(argument, command);
    }
    String name = command.getCommandSpec().qualifiedName();
    String option = argument.replaceFirst("=.*", "");
    if (command.getSubcommands().values().stream().anyMatch(of -> knows(of, option))) {
      return "`%s` has no option %s: write the options of a command after it"
          .formatted(name, option);
    }
    String none =
        argument.startsWith("-")
            ? "`%s` has no option %s".formatted(name, option)
            : "`%s` takes no further argument".formatted(name);
    return name.endsWith(" serve") ? none + ": environment variables configure it" : none;
  }

  private static boolean knows(CommandLine command, String option) {
    return command.getCommandSpec().findOption(option) != null
        || command.getSubcommands().values().stream().anyMatch(of -> knows(of, option));
  }

  /**
   * Returns a message which says that there is no such subcommand, and which subcommand was
   * probably meant.
   */
  static String noCommand(String name, CommandLine command) {
    String none = "there is no command `%s`".formatted(name);
    return nearest(name, command)
        .map(meant -> none + ": did you mean `%s`?".formatted(meant))
        .orElse(none);
  }

  private static Optional<String> nearest(String name, CommandLine command) {
    return name.length() > LONGEST_NAME
        ? Optional.empty()
        : command.getSubcommands().keySet().stream()
            .filter(known -> EditDistance.between(name, known) <= Math.max(1, known.length() / 2))
            .min(Comparator.comparingInt(known -> EditDistance.between(name, known)));
  }
}

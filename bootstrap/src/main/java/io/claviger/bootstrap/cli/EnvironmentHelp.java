package io.claviger.bootstrap.cli;

import io.claviger.bootstrap.settings.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The part of a command's help that lists the environment variables, a line for each. */
final class EnvironmentHelp {
  private static final String SECTION = "environment";

  private EnvironmentHelp() {}

  static void addTo(CommandLine command) {
    UsageMessageSpec usage = command.getCommandSpec().usageMessage();
    usage.sectionMap().put(SECTION, help -> text());
    List<String> sections = new ArrayList<>(usage.sectionKeys());
    sections.add(SECTION);
    usage.sectionKeys(sections);
  }

  private static String text() {
    int width = Variable.ALL.stream().mapToInt(each -> each.name().length()).max().orElse(0);
    return Variable.ALL.stream()
        .map(each -> line(each, width))
        .collect(
            Collectors.joining(
                "", "%nEnvironment variables (and their defaults):%n".formatted(), ""));
  }

  private static String line(Variable variable, int width) {
    String padded = variable.name() + " ".repeat(width - variable.name().length());
    return "  %s  %s (%s)%n".formatted(padded, variable.meaning(), variable.standard());
  }
}

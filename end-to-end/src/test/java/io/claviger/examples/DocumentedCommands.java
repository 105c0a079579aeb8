package io.claviger.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs the shell examples of documents without changes. A line that begins with a brace is the
 * answer to the command above it.
 */
final class DocumentedCommands {
  private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

  /** An answer, or a command with the assignments before it. Lines that are indented go on. */
  private static final Pattern LINE =
      Pattern.compile(
          "^(?:(\\{.*\n)|((?:[A-Z_]+=.*\n(?: .*\n)*)*curl .*\n(?: .*\n)*))", Pattern.MULTILINE);

  private static final Pattern NAME = Pattern.compile("\"(\\w+)\":");

  private final List<Example> waiting = new ArrayList<>();
  private final Map<String, String> replacements;

  private DocumentedCommands(Map<String, String> replacements) {
    this.replacements = replacements;
  }

  private void add(String document) {
    Matcher block = BLOCK.matcher(document);
    while (block.find()) {
      Matcher line = LINE.matcher(block.group(1));
      while (line.find()) {
        if (line.group(1) != null) {
          waiting.getLast().answers().add(line.group(1));
        } else {
          waiting.add(new Example(line.group(2), new ArrayList<>()));
        }
      }
    }
  }

  /**
   * Reads documents in {@code docs}, one after the other.
   *
   * @param replacements texts of the documents, and what stands for them here
   */
  static DocumentedCommands of(List<String> documents, Map<String, String> replacements) {
    DocumentedCommands commands = new DocumentedCommands(replacements);
    try {
      for (String document : documents) {
        commands.add(Files.readString(Path.of("..", "docs", document)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return commands;
  }

  /**
   * A command.
   *
   * @param answers those that the document shows
   */
  private record Example(String command, List<String> answers) {}

  /** Runs the next command with these variables, and returns what it writes. */
  String runNext(Map<String, String> variables) throws IOException, InterruptedException {
    Example example = waiting.removeFirst();
    String answer = run(example, variables);
    if (!example.answers().isEmpty()) {
      assertNames(example.answers().getFirst(), answer);
    }
    return answer;
  }

  /** Runs the next command, which will be run again for the next of its answers. */
  String runFirstOfTwo(Map<String, String> variables) throws IOException, InterruptedException {
    Example example = waiting.getFirst();
    String answer = run(example, variables);
    assertNames(example.answers().removeFirst(), answer);
    return answer;
  }

  /** Every name in the documented answer is in the real one. */
  private static void assertNames(String documented, String answer) {
    Matcher name = NAME.matcher(documented);
    while (name.find()) {
      assertThat(answer).contains(name.group());
    }
  }

  private String run(Example example, Map<String, String> variables)
      throws IOException, InterruptedException {
    String command = example.command();
    for (Map.Entry<String, String> replacement : replacements.entrySet()) {
      command = command.replace(replacement.getKey(), replacement.getValue());
    }
    ProcessBuilder shell =
        new ProcessBuilder("sh", "-eu", "-c", command)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    shell.environment().putAll(variables);
    Process running = shell.start();
    String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(running.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(running.exitValue()).as(command).isZero();
    // A problem, or an error of OAuth, where the document shows none.
    if (example.answers().stream().noneMatch(line -> line.contains("\"error\""))) {
      assertThat(said).as(command).doesNotContain("\"error\":", "\"title\":");
    }
    return said;
  }

  void assertAllWereRun() {
    assertThat(waiting).isEmpty();
  }
}

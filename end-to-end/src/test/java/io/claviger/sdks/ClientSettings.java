package io.claviger.sdks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code docs/connecting-programs.md} tells people to set in a client. A fenced block there
 * names its language and the client, and then the file that it belongs into. A block without a file
 * holds environment variables.
 *
 * @param environment the variables by name
 * @param files what to write into files, by their path below the home directory
 */
record ClientSettings(Map<String, String> environment, Map<String, String> files) {
  static final Path DOCUMENT = Path.of("..", "docs", "connecting-programs.md");
  private static final Pattern EXPORT = Pattern.compile("export (\\w+)=(\\S*)");

  /**
   * Reads the settings of a client.
   *
   * @param client its name in the document
   * @param variables what is set before, by name; the document refers to it by {@code $NAME}
   * @throws IllegalStateException if the document tells nothing about the client
   */
  static ClientSettings of(String client, Map<String, String> variables) throws IOException {
    Map<String, String> environment = new LinkedHashMap<>(variables);
    Map<String, String> files = new LinkedHashMap<>();
    boolean told = false;
    Matcher block =
        Pattern.compile("```\\w+ %s(?: ~/(\\S+))?\n(.*?)```".formatted(client), Pattern.DOTALL)
            .matcher(Files.readString(DOCUMENT));
    while (block.find()) {
      told = true;
      String text = expanded(block.group(2), variables);
      if (block.group(1) == null) {
        export(text, environment);
      } else {
        files.put(block.group(1), text);
      }
    }
    if (!told) {
      throw new IllegalStateException(DOCUMENT + " has no settings for " + client);
    }
    return new ClientSettings(environment, files);
  }

  private static String expanded(String text, Map<String, String> variables) {
    String expanded = text;
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      expanded = expanded.replace("$" + variable.getKey(), variable.getValue());
    }
    return expanded;
  }

  private static void export(String text, Map<String, String> environment) {
    for (String line : text.strip().split("\n")) {
      Matcher export = EXPORT.matcher(line);
      if (!export.matches()) {
        throw new IllegalStateException("not a variable: " + line);
      }
      environment.put(export.group(1), export.group(2));
    }
  }

  /** Writes the files below a home directory. */
  void writeFiles(Path home) throws IOException {
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = home.resolve(file.getKey());
      Path directory = path.getParent();
      if (directory != null) {
        Files.createDirectories(directory);
      }
      Files.writeString(path, file.getValue());
    }
  }
}

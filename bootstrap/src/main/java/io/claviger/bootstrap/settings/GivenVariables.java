package io.claviger.bootstrap.settings;

import io.claviger.host.StartRefused;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The environment variables, and those variables of a file that are not also environment variables.
 *
 * <p>The option {@code --env-file} names the file. The default is {@code claviger.env} in the data
 * directory. No other file is read. A file {@code .env} in the working directory is ignored,
 * because it often belongs to another program.
 *
 * @param file the file; empty if none was read
 * @param heapOnlyInFile whether only the file sets the size of the heap. The start script reads
 *     this variable before the file is read, so the file's value has no effect
 */
public record GivenVariables(
    Map<String, String> values, Optional<Path> file, boolean heapOnlyInFile) {
  /** The option that names a file of variables. */
  public static final String OPTION = "--env-file";

  /** The name of the file that is read from the data directory by default. */
  static final String STANDARD_FILE = "claviger.env";

  private static final String DATA_DIR = "CLAVIGER_DATA_DIR";
  private static final String HEAP = "CLAVIGER_HEAP";
  private static final long MOST_BYTES = 1 << 20;

  /**
   * Matches a line that sets a variable. The value can be in quotes. References to other variables
   * in the value are not replaced.
   */
  private static final Pattern LINE = Pattern.compile("([A-Za-z_][A-Za-z0-9_]{0,199})=(.*)");

  public GivenVariables {
    values = Map.copyOf(values);
  }

  /** Returns only the environment variables, without reading a file. */
  public static GivenVariables of(Map<String, String> environment) {
    return new GivenVariables(environment, Optional.empty(), false);
  }

  /**
   * Reads the file of variables, if there is one. For import commands, this method ignores {@code
   * --env-file}, because there the option names a file of the system from which the data is
   * imported.
   *
   * @param arguments a command's arguments, of which only {@code --env-file} is read
   * @throws StartRefused if the file can't be read, if a line in it is not understood, or if other
   *     users may read the file in the data directory
   */
  public static GivenVariables read(Map<String, String> environment, String... arguments) {
    Optional<Path> named = named(arguments);
    if (named.isPresent()) {
      return inFile(named.get()).behind(environment);
    }
    Path standard =
        Path.of(
                Optional.ofNullable(environment.get(DATA_DIR))
                    .map(String::strip)
                    .filter(d -> !d.isEmpty())
                    .orElse("data"))
            .resolve(STANDARD_FILE);
    // A symbolic link whose target is missing, for example on a volume that is not mounted, is
    // refused below.
    if (!Files.exists(standard) && !Files.isSymbolicLink(standard)) {
      return of(environment);
    }
    refuseIfReadableByOthers(standard);
    GivenVariables given = inFile(standard);
    if (given.values.containsKey(DATA_DIR)) {
      throw new StartRefused(
          standard + " sets " + DATA_DIR + ", but it is read because it lies in that directory.");
    }
    return given.behind(environment);
  }

  private static Optional<Path> named(String... arguments) {
    if (arguments.length > 0 && arguments[0].equals("import")) {
      return Optional.empty();
    }
    for (int i = 0; i < arguments.length && !arguments[i].equals("--"); i++) {
      if (arguments[i].startsWith(OPTION + "=")) {
        return Optional.of(Path.of(arguments[i].substring(OPTION.length() + 1)));
      }
      if (arguments[i].equals(OPTION) && i + 1 < arguments.length) {
        return Optional.of(Path.of(arguments[i + 1]));
      }
    }
    return Optional.empty();
  }

  private GivenVariables behind(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(values);
    all.putAll(environment);
    return new GivenVariables(
        all, file, values.containsKey(HEAP) && !environment.containsKey(HEAP));
  }

  private static GivenVariables inFile(Path file) {
    return new GivenVariables(parsed(file, text(file)), Optional.of(file), false);
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new StartRefused(file + " is larger than " + MOST_BYTES + " bytes.");
      }
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (CharacterCodingException e) {
      throw new StartRefused(file + " is not in UTF-8.", e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static StartRefused unreadable(Path file, IOException e) {
    String why = "";
    if (e instanceof NoSuchFileException) {
      why = Files.isSymbolicLink(file) ? ": the link leads to no file" : ": there is no such file";
    } else if (e instanceof AccessDeniedException) {
      why = ": this user may not read it";
    } else if (Files.isDirectory(file)) {
      why = ": it is a directory";
    }
    return new StartRefused(file + " can't be read" + why + ".", e);
  }

  /**
   * Parses the lines. No message repeats a line's content, because the content might be a secret.
   */
  private static Map<String, String> parsed(Path file, String text) {
    Map<String, String> values = new HashMap<>();
    List<String> faults = new ArrayList<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      Matcher found = LINE.matcher(line);
      String where = "Line " + (i + 1) + " of " + file;
      if (!found.matches() || line.indexOf('\0') >= 0) {
        faults.add(where + " is not of the form NAME=value.");
      } else if (values.putIfAbsent(found.group(1), unquoted(found.group(2))) != null) {
        faults.add(where + " sets " + found.group(1) + " again.");
      }
    }
    if (!faults.isEmpty()) {
      throw new StartRefused(faults);
    }
    return values;
  }

  private static String unquoted(String value) {
    boolean quoted =
        value.length() > 1
            && (value.charAt(0) == '"' || value.charAt(0) == '\'')
            && value.charAt(0) == value.charAt(value.length() - 1);
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  private static void refuseIfReadableByOthers(Path file) {
    Set<PosixFilePermission> others;
    try {
      others = new HashSet<>(Files.getPosixFilePermissions(file));
    } catch (IOException e) {
      throw unreadable(file, e);
    } catch (UnsupportedOperationException windows) {
      return;
    }
    others.remove(PosixFilePermission.OWNER_READ);
    others.remove(PosixFilePermission.OWNER_WRITE);
    if (!others.isEmpty()) {
      throw new StartRefused(
          file + " may be read or changed by others, or executed. Its mode has to be 0600.");
    }
  }
}

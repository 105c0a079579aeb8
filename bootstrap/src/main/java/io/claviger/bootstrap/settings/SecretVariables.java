package io.claviger.bootstrap.settings;

import io.claviger.operator.Confidential;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads secrets, given as a variable or as the path of a file in {@code NAME_FILE}. The path is not
 * repeated in a fault: somebody may have put the secret itself there.
 */
final class SecretVariables {
  private static final int LARGEST_FILE = 65_536;

  private final Environment environment;

  SecretVariables(Environment environment) {
    this.environment = environment;
  }

  /** What an {@code Authorization} header can carry: visible ASCII. */
  Optional<Confidential> token(String name, int shortest) {
    Optional<String> value = environment.raw(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get().isEmpty()) {
      environment.fault(name, "is empty: unset it or give it a value");
    } else if (value.get().length() < shortest) {
      environment.fault(name, "must have %d characters or more".formatted(shortest));
    } else if (!value.get().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      environment.fault(name, "holds white space or characters that no HTTP header carries");
    }
    return value.map(Confidential::of);
  }

  /** Neither of the two is empty without a fault; both is a fault. */
  Optional<String> textOrFile(String name) {
    String fileName = name + "_FILE";
    if (environment.isSet(name) && environment.isSet(fileName)) {
      environment.fault(name, "and " + fileName + " are both set: leave one");
      return Optional.empty();
    }
    if (environment.isSet(fileName)) {
      return environment.raw(fileName).flatMap(path -> content(fileName, path));
    }
    Optional<String> value = environment.raw(name);
    if (value.isPresent() && value.get().isBlank()) {
      environment.fault(name, "is empty: unset it or give it a value");
    }
    return value;
  }

  private Optional<String> content(String name, String path) {
    try {
      Path file = Path.of(path);
      if (Files.isDirectory(file)) {
        environment.fault(name, "names a directory, not a file");
      } else if (Files.size(file) > LARGEST_FILE) {
        environment.fault(name, "names a file of more than %d bytes".formatted(LARGEST_FILE));
      } else {
        String content = Files.readString(file);
        if (!content.isBlank()) {
          return Optional.of(content);
        }
        environment.fault(name, "names a file that is empty");
      }
    } catch (CharacterCodingException e) {
      environment.fault(name, "names a file that is not UTF-8 text");
    } catch (InvalidPathException | IOException e) {
      environment.fault(name, "names a file that is not there or can't be read");
    }
    return Optional.empty();
  }
}

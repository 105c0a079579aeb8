package io.claviger.client.apply;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds the secrets for the references in a file. A file from somebody else can use only variables
 * that the user permits, and only files in its own directory.
 */
final class SecretFinder {
  private static final int MOST_BYTES = 16 * 1024;
  private static final Pattern KEY = Pattern.compile("[!-~]{8,10240}");
  private static final Pattern CREDENTIAL = Pattern.compile("[ -~\\t\\r\\n]{8,16384}");
  private static final Pattern HEADER = Pattern.compile("[!-~]([\\t -~]{0,4094}[!-~])?");

  private final Map<String, String> environment;
  private final Set<String> allowed;
  private final Path directory;

  /**
   * @param allowed the names of the variables that the file may use
   * @param directory the directory of the files with secrets
   */
  SecretFinder(Map<String, String> environment, Set<String> allowed, Path directory) {
    this.environment = environment;
    this.allowed = allowed;
    this.directory = directory;
  }

  /**
   * Thrown if there is no secret for a reference, or if the secret may not be read. The message
   * says why, but never contains the secret.
   */
  static final class NotFound extends Exception {
    NotFound(String message) {
      super(message);
    }
  }

  /**
   * Finds the secret with which a service authenticates to its provider.
   *
   * @param field the field for the secret. The field matters because the rules for API keys differ
   *     from the rules for other secrets
   */
  String key(String field, SecretReference reference) throws NotFound {
    return field.equals("api_key")
        ? found(reference, KEY, "8 to 10,240 visible ASCII characters")
        : found(reference, CREDENTIAL, "8 to 16,384 printable ASCII characters");
  }

  String header(SecretReference reference) throws NotFound {
    return found(reference, HEADER, "1 to 4,096 visible ASCII characters");
  }

  private String found(SecretReference reference, Pattern form, String wanted) throws NotFound {
    String text =
        switch (reference) {
          case SecretReference.Env env -> variable(env.name());
          case SecretReference.InFile file -> file(file.path());
        };
    String secret = text.strip();
    if (!form.matcher(secret).matches()) {
      throw new NotFound("the %s does not hold %s".formatted(reference, wanted));
    }
    return secret;
  }

  private String variable(String name) throws NotFound {
    if (!allowed.contains(name)) {
      throw new NotFound("allow the variable %s: --allow-env %s".formatted(name, name));
    }
    String value = environment.get(name);
    if (value == null || value.isBlank()) {
      throw new NotFound("the variable %s is not set".formatted(name));
    }
    return value;
  }

  private String file(String name) throws NotFound {
    try {
      Path root = directory.toRealPath();
      // Symbolic links are resolved before the check, so that no link can lead out of the
      // directory.
      Path file = root.resolve(name).toRealPath();
      if (Path.of(name).isAbsolute() || !file.startsWith(root)) {
        throw new NotFound("the file %s is not under the directory of this file".formatted(name));
      }
      if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
        throw new NotFound("%s is no file of up to %,d bytes".formatted(name, MOST_BYTES));
      }
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException | InvalidPathException e) {
      throw new NotFound("the file %s can't be read".formatted(name));
    }
  }
}

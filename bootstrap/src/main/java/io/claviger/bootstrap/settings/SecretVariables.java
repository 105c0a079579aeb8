package io.claviger.bootstrap.settings;

import io.claviger.custody.TrustedAuthorities;
import io.claviger.domain.accounts.TokenText;
import io.claviger.host.Confidential;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;

/**
 * Reads a secret from a variable, or from the file whose path is in the variable {@code NAME_FILE}.
 * Reports of faults do not repeat this path, because an operator might have put the secret itself
 * into this variable by mistake.
 */
final class SecretVariables {
  private static final int LARGEST_FILE = 65_536;

  /** The greatest length of a token, far below the 16 KiB of all headers that the API accepts. */
  private static final int LONGEST_TOKEN = TokenText.LONGEST;

  private final Environment environment;

  SecretVariables(Environment environment) {
    this.environment = environment;
  }

  /**
   * Reads a token from a variable or a file. The token must be visible ASCII, because it is sent in
   * an {@code Authorization} header.
   */
  Optional<Confidential> token(String name, int shortest) {
    String fileName = name + Variable.FILE;
    Optional<String> value = textOrFile(name);
    if (environment.isSet(fileName)) {
      value = value.map(String::stripTrailing);
    }
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get().length() < shortest || value.get().length() > LONGEST_TOKEN) {
      environment.fault(
          name, "must have from %d to %d characters".formatted(shortest, LONGEST_TOKEN));
    } else if (!value.get().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      environment.fault(
          name, "holds white space or characters that are not allowed in an HTTP header");
    }
    return value.map(Confidential::of);
  }

  /**
   * Reads a text from a variable, or from the file whose path is in a second variable. Reports a
   * fault if both variables are set or if the value is empty.
   */
  Optional<String> textOrFile(String name) {
    String fileName = name + Variable.FILE;
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
      return Optional.empty();
    }
    return value;
  }

  /**
   * Reads a secret from the file whose path is in a variable. Unlike other secrets, this secret
   * can't be set in a variable of its own.
   */
  Optional<String> file(String fileName) {
    return environment.text(fileName).flatMap(path -> content(fileName, path));
  }

  /**
   * Reads the PEM certificates of authorities from the file whose path is in a variable. Unlike a
   * file with a secret, such a file may be readable for everybody.
   */
  Optional<Confidential> authorities(String fileName) {
    Optional<Confidential> pem =
        environment.text(fileName).flatMap(path -> text(fileName, path)).map(Confidential::of);
    pem.ifPresent(content -> demandCertificates(fileName, content));
    return pem;
  }

  private void demandCertificates(String fileName, Confidential pem) {
    try {
      Object unused = TrustedAuthorities.client(pem.lendUtf8(byte[]::clone));
    } catch (GeneralSecurityException e) {
      environment.fault(fileName, "names a file without certificates in PEM");
    }
  }

  /**
   * Reads a secret in the same way as {@link #textOrFile}, except that an empty variable counts as
   * not set.
   */
  Optional<String> textOrFileUnlessEmpty(String name) {
    String fileName = name + Variable.FILE;
    Optional<String> text = environment.text(name);
    Optional<String> file = environment.text(fileName);
    if (text.isPresent() && file.isPresent()) {
      environment.fault(name, "and " + fileName + " are both set: leave one");
      return Optional.empty();
    }
    return text.or(() -> file.flatMap(path -> content(fileName, path))).map(String::strip);
  }

  private Optional<String> content(String name, String path) {
    Optional<String> content = text(name, path);
    if (content.isPresent()) {
      environment.readFrom(name, Path.of(path));
    }
    return content;
  }

  private Optional<String> text(String name, String path) {
    try {
      Path file = Path.of(path);
      if (path.isBlank()) {
        environment.fault(name, "is empty: unset it or name a file");
      } else if (Files.isDirectory(file)) {
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

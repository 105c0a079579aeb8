package io.claviger.client.terminal;

import io.claviger.client.faults.ClientFault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads the secrets that a user passes to a command. Secrets are never passed as arguments, because
 * other users can list the arguments of a process.
 */
public final class SecretInput {
  private static final int MOST_BYTES = 16_384;

  private SecretInput() {}

  /**
   * Reads the whole standard input, which must be a single line.
   *
   * @param what names the secret in messages, as a phrase
   */
  public static char[] line(Terminal terminal, String what) {
    try {
      return line(terminal.input(), "standard input", what);
    } catch (IOException e) {
      throw ClientFault.of("standard input can't be read");
    }
  }

  public static char[] line(Path file, String what) {
    try (InputStream in = Files.newInputStream(file)) {
      return line(in, file.toString(), what);
    } catch (IOException e) {
      throw ClientFault.of("%s can't be read".formatted(file));
    }
  }

  /**
   * Reads all bytes of standard input.
   *
   * @param lines whether the secret may have several lines, as key files do
   */
  public static char[] of(Terminal terminal, String what, boolean lines) {
    try {
      return lines ? text(terminal.input(), "standard input", what) : line(terminal, what);
    } catch (IOException e) {
      throw ClientFault.of("standard input can't be read");
    }
  }

  /** Reads a secret from a file, in the same way as from standard input. */
  public static char[] of(Path file, String what, boolean lines) {
    if (!lines) {
      return line(file, what);
    }
    try (InputStream in = Files.newInputStream(file)) {
      return text(in, file.toString(), what);
    } catch (IOException e) {
      throw ClientFault.of("%s can't be read".formatted(file));
    }
  }

  private static char[] text(InputStream in, String where, String what) throws IOException {
    byte[] bytes = in.readNBytes(MOST_BYTES + 1);
    String text = new String(bytes, StandardCharsets.UTF_8).strip();
    if (bytes.length > MOST_BYTES || text.isEmpty()) {
      throw ClientFault.of("%s has to hold %s, and nothing else".formatted(where, what));
    }
    return text.toCharArray();
  }

  private static char[] line(InputStream in, String where, String what) throws IOException {
    byte[] bytes = in.readNBytes(MOST_BYTES + 1);
    String text = new String(bytes, StandardCharsets.UTF_8).strip();
    if (bytes.length > MOST_BYTES || text.isEmpty() || text.contains("\n")) {
      throw ClientFault.of(
          "%s has to hold %s in one line, and nothing else".formatted(where, what));
    }
    return text.toCharArray();
  }
}

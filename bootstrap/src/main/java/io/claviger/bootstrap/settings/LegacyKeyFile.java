package io.claviger.bootstrap.settings;

import io.claviger.host.StartRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Reads another program's key file. The file has one line. White space at the end of the line is
 * ignored.
 */
public final class LegacyKeyFile {
  private static final int LONGEST = 65_536;

  private LegacyKeyFile() {}

  /**
   * @param use receives the key's bytes, which are wiped when this function returns
   * @throws StartRefused if the file can't be read or contains no key
   */
  public static <T> T read(Path file, Function<byte[], T> use) {
    byte[] bytes = bytes(file);
    byte[] line = line(bytes, file);
    try {
      return use.apply(line);
    } finally {
      Arrays.fill(bytes, (byte) 0);
      Arrays.fill(line, (byte) 0);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      if (Files.size(file) > LONGEST) {
        throw new StartRefused("the legacy key file %s is too large to be a key".formatted(file));
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new StartRefused("the legacy key file %s can't be read".formatted(file), e);
    }
  }

  private static byte[] line(byte[] bytes, Path file) {
    int from = 0;
    int to = bytes.length;
    while (to > 0 && isSpace(bytes[to - 1])) {
      to--;
    }
    while (from < to && (bytes[from] == '\n' || bytes[from] == '\r')) {
      from++;
    }
    if (from == to) {
      throw new StartRefused("the legacy key file %s is empty".formatted(file));
    }
    for (int i = from; i < to; i++) {
      if (bytes[i] == '\n') {
        throw new StartRefused("the legacy key file %s holds more than one line".formatted(file));
      }
    }
    return Arrays.copyOfRange(bytes, from, to);
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\n' || b == '\r';
  }
}

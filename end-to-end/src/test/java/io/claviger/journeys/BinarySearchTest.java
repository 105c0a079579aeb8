package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BinarySearchTest {
  private static final String SECRET = "aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0zA";

  @TempDir private Path directory = Path.of("");

  static Stream<byte[]> forms() {
    byte[] bytes = SECRET.getBytes(StandardCharsets.UTF_8);
    return Stream.of(
        bytes,
        SECRET.getBytes(StandardCharsets.UTF_16LE),
        SECRET.getBytes(StandardCharsets.UTF_16BE),
        Base64.getEncoder().encode(bytes),
        Arrays.copyOf(bytes, 16),
        Arrays.copyOfRange(bytes, bytes.length - 16, bytes.length));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void a_secret_is_found_wherever_it_stands_in_a_file(byte[] form) throws IOException {
    for (int at : new int[] {0, 1, 777, (1 << 20) - 5, 1 << 20, (2 << 20) + 3}) {
      byte[] content = new byte[at + form.length];
      System.arraycopy(form, 0, content, at, form.length);
      assertThat(found(content)).as("at %d", at).isNotEmpty();
    }
  }

  @Test
  void nothing_is_found_where_nothing_is() throws IOException {
    assertThat(found(new byte[3 << 20])).isEmpty();
    assertThat(found(SECRET.substring(0, 15).getBytes(StandardCharsets.UTF_8))).isEmpty();
    assertThat(found(new byte[0])).isEmpty();
  }

  private Iterable<String> found(byte[] content) throws IOException {
    Path file = Files.write(directory.resolve("file"), content);
    return BinarySearch.in(file, List.of(SECRET));
  }
}

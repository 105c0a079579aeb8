package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.claviger.web.served.RawConnection;
import io.claviger.web.served.Served;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What the memory of the process holds of a key once the calls that brought it have ended. */
@Isolated("It searches the heap of the whole JVM.")
class HeapTest {
  private static final int MASK = 0xaa;

  private static final int AROUND = 200;

  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

  /** The key is never in the clear in this class: the test would find itself. */
  private static final byte[] MASKED_KEY = maskedKey();

  @TempDir private Path directory;

  @Tag("slow")
  @Test
  void no_copy_of_a_key_is_left() throws IOException {
    try (Served served = Served.start()) {
      String token =
          served.root().post("/v1/users", Map.of("handle", "alice")).text("/access_token");
      try (RawConnection connection = new RawConnection(served.port())) {
        assertThat(deposit(connection, token, "api_key\":\"", "\"}")).isEqualTo(201);
        assertThat(
                deposit(connection, token, "api_key\":null,\"custom_headers\":{\"X-A\":\"", "\"}}"))
            .isEqualTo(200);
        assertThat(deposit(connection, token, "custom_headers\":{\"X-A\":\"\\n", "\"}}"))
            .isEqualTo(422);
        assertThat(deposit(connection, token, "api_key\":\"", "")).isEqualTo(400);
        assertThat(leftInTheEnd()).isEmpty();
      }
    }
  }

  @Test
  void the_search_finds_a_key_that_is_there() throws IOException {
    byte[] plain = plainKey();
    assertThat(occurrences(dump())).isNotEmpty();
    assertThat(plain).hasSize(40);
    Arrays.fill(plain, (byte) 0);
  }

  private static int deposit(RawConnection connection, String token, String before, String after)
      throws IOException {
    byte[] head =
        ("{\"definition\":\"_system/openai-large\",\"" + before).getBytes(StandardCharsets.UTF_8);
    byte[] tail = after.getBytes(StandardCharsets.UTF_8);
    byte[] key = plainKey();
    connection.send(
        "PUT /v1/llm-services/alice/x HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + "Authorization: Bearer "
            + token
            + "\r\nContent-Length: "
            + (head.length + key.length + tail.length)
            + "\r\n\r\n");
    connection.send(head);
    connection.send(key);
    connection.send(tail);
    Arrays.fill(key, (byte) 0);
    return connection.answer("PUT", "/").status();
  }

  /** A request ends a moment after its answer was sent. What stays is in every dump. */
  private List<String> leftInTheEnd() throws IOException {
    long deadline = System.nanoTime() + PATIENCE;
    List<String> found = occurrences(dump());
    while (!found.isEmpty() && System.nanoTime() < deadline) {
      found = occurrences(dump());
    }
    return found;
  }

  private Path dump() throws IOException {
    Path file = directory.resolve("heap.hprof");
    Files.deleteIfExists(file);
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpHeap(file.toString(), true);
    return file;
  }

  /**
   * What is around the key wherever the dump has it: in Latin-1, as strings and byte arrays have
   * it, or in UTF-16, as char arrays do. Nothing of the dump stays in this class's own arrays,
   * because the next dump could find it there.
   */
  private static List<String> occurrences(Path dump) throws IOException {
    List<String> found = new ArrayList<>();
    int first = expected(0, 1);
    byte[] block = new byte[1 << 20];
    try (InputStream in = Files.newInputStream(dump)) {
      int narrow = 0;
      int wide = 0;
      for (int length = in.read(block); length > 0; length = in.read(block)) {
        for (int i = 0; i < length; i++) {
          int b = block[i] & 0xff;
          if (b != first && narrow == 0 && wide <= 1) {
            wide = b == 0 ? 1 : 0; // as below, for nearly all bytes
            continue;
          }
          narrow = next(narrow, b, 1);
          wide = next(wide, b, 2);
          if (narrow == MASKED_KEY.length || wide == 2 * MASKED_KEY.length) {
            found.add(around(block, i, length));
          }
        }
      }
    } finally {
      Arrays.fill(block, (byte) 0);
    }
    return found;
  }

  /**
   * The bytes before the key and after it, with a dot for each that is not printable. Letters have
   * the other case, so that a message is no copy of the key.
   */
  private static String around(byte[] block, int end, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = Math.max(0, end - AROUND); i < Math.min(length, end + AROUND); i++) {
      char c = (char) (block[i] & 0xff);
      boolean letter = c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
      text.append(letter ? (char) (c ^ ' ') : c > ' ' && c < 0x7f ? c : '.');
    }
    return text.toString();
  }

  /** How many bytes match after one more. The key has no repetition to fall back to. */
  private static int next(int matched, int b, int width) {
    int at = matched >= width * MASKED_KEY.length ? 0 : matched;
    return b == expected(at, width) ? at + 1 : b == expected(0, width) ? 1 : 0;
  }

  private static int expected(int at, int width) {
    boolean high = width == 2 && at % 2 == 0;
    return high ? 0 : (MASKED_KEY[at / width] ^ MASK) & 0xff;
  }

  private static byte[] maskedKey() {
    byte[] bytes = new byte[40];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) ((i < 26 ? 'z' - i : 'Z' - (i - 26)) ^ MASK);
    }
    return bytes;
  }

  private static byte[] plainKey() {
    byte[] bytes = MASKED_KEY.clone();
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] ^= (byte) MASK;
    }
    return bytes;
  }
}

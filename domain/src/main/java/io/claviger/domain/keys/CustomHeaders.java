package io.claviger.domain.keys;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.instances.HeaderName;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/**
 * All custom headers of an instance, at most 32. The headers are sealed together as one secret,
 * with a line {@code Name:value} for each header.
 */
public record CustomHeaders(List<CustomHeader> headers) implements AutoCloseable {
  private static final int MOST = 32;

  /**
   * The maximum total size, in bytes, of all names and values that are stored together. The size is
   * limited because each running call keeps the values in memory and searches its answer for them.
   */
  public static final int MOST_BYTES = 8_192;

  public static final CustomHeaders NONE = new CustomHeaders(List.of());

  public CustomHeaders {
    headers = List.copyOf(headers);
    if (headers.size() > MOST) {
      throw new InvalidValue("custom_headers", "at most 32 headers");
    }
    if (new HashSet<>(headers.stream().map(CustomHeader::name).toList()).size() < headers.size()) {
      throw new InvalidValue("custom_headers", "each name once, whatever its case");
    }
  }

  public List<HeaderName> names() {
    return headers.stream().map(CustomHeader::name).toList();
  }

  public boolean isEmpty() {
    return headers.isEmpty();
  }

  /** Returns the size of all names and values, in bytes. */
  public int bytes() {
    return headers.stream()
        .mapToInt(each -> each.name().value().length() + each.value().lend(value -> value.length))
        .sum();
  }

  /** Packs all headers into one secret that can be sealed. */
  public Secret packed() {
    WipedBuffer lines = new WipedBuffer();
    try {
      for (CustomHeader header : headers) {
        lines.writeBytes(header.name().value().getBytes(StandardCharsets.US_ASCII));
        lines.write(':');
        header
            .value()
            .lend(
                bytes -> {
                  lines.writeBytes(bytes);
                  return bytes.length;
                });
        lines.write('\n');
      }
      return Secret.takingOver(lines.toByteArray());
    } finally {
      lines.wipe();
    }
  }

  /** Reads the headers that {@link #packed} wrote. */
  public static CustomHeaders unpacked(Secret packed) {
    return packed.lend(
        bytes -> {
          List<CustomHeader> headers = new ArrayList<>();
          int from = 0;
          for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
              headers.add(parseLine(bytes, from, i));
              from = i + 1;
            }
          }
          return new CustomHeaders(headers);
        });
  }

  private static CustomHeader parseLine(byte[] bytes, int from, int to) {
    int colon = from;
    while (bytes[colon] != ':') {
      colon++;
    }
    HeaderName name =
        new HeaderName(new String(bytes, from, colon - from, StandardCharsets.US_ASCII));
    return new CustomHeader(name, Secret.takingOver(Arrays.copyOfRange(bytes, colon + 1, to)));
  }

  @Override
  public void close() {
    headers.forEach(h -> h.value().close());
  }

  private static final class WipedBuffer extends ByteArrayOutputStream {
    WipedBuffer() {
      // The buffer is large enough for 32 headers of the greatest length. So it never grows, and
      // leaves no copy of the secret behind.
      super(MOST * (4_096 + 102));
    }

    void wipe() {
      Arrays.fill(buf, (byte) 0);
    }
  }
}

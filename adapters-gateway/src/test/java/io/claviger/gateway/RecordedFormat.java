package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.standards.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a provider of a format was recorded to answer, in a file that has the format's name. A
 * format without recordings is held against the stub provider alone.
 */
record RecordedFormat(List<Part> parts) {
  /**
   * @param kind {@code answer}, {@code stream} or {@code list}
   * @param facts what a reader finds in the body: the input and output tokens, or the models
   */
  record Part(String kind, List<String> facts, String body) {}

  /** The formats that have recordings. */
  static List<WireFormat> formats() {
    return Stream.of(WireFormat.values())
        .filter(format -> RecordedFormat.class.getResource(file(format)) != null)
        .toList();
  }

  private static String file(WireFormat format) {
    return "/formats/" + format.wireName() + ".txt";
  }

  static RecordedFormat of(WireFormat format) {
    try (InputStream recorded =
        Objects.requireNonNull(RecordedFormat.class.getResourceAsStream(file(format)))) {
      List<Part> parts = new ArrayList<>();
      for (String part : new String(recorded.readAllBytes(), UTF_8).substring(3).split("\n== ")) {
        String[] headAndBody = part.split("\n", 2);
        String[] kindAndFacts = headAndBody[0].split(" \\| ");
        parts.add(
            new Part(
                kindAndFacts[0],
                List.of(kindAndFacts[1].strip().split(" ")),
                headAndBody.length == 1 ? "" : headAndBody[1] + "\n"));
      }
      return new RecordedFormat(parts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Part> all(String kind) {
    List<Part> found = parts.stream().filter(part -> part.kind().equals(kind)).toList();
    assertThat(found).as("recordings of kind " + kind).isNotEmpty();
    return found;
  }
}

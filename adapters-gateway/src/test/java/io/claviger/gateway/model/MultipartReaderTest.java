package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.gateway.errors.CallRefused;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A form is understood in the same way however it is divided into pieces. */
class MultipartReaderTest {
  private static final String BOUNDARY = "--x-x-";
  private static final int FORMS = Integer.getInteger("test.seeds", 40) * 250;

  /** Contents are made of these, so that delimiters nearly occur in them. */
  private static final String[] WORDS = {
    "-", "--", "\r", "\n", "\r\n", "----x", "----x-x", "\r\n----x-", "x", "text of nine", "\0", "é"
  };

  /** What a form says, or that it is malformed. */
  private static final class Reading implements MultipartReader.Parts {
    private final List<String> seen = new ArrayList<>();
    private final ByteArrayOutputStream passed = new ByteArrayOutputStream();
    private int parts;

    static List<String> of(byte[] form, int[] lengths) {
      Reading reading = new Reading();
      MultipartReader reader = new MultipartReader(reading, BOUNDARY);
      try {
        int from = 0;
        for (int n = 0; from < form.length; n++) {
          int to = Math.min(form.length, from + lengths[n % lengths.length]);
          reader.read(form, from, to);
          from = to;
        }
        reader.end();
      } catch (MalformedBody e) {
        reading.seen.add("malformed");
        return reading.seen.subList(reading.seen.size() - 1, reading.seen.size());
      }
      reading.seen.add(reading.passed.toString(ISO_8859_1));
      return reading.seen;
    }

    @Override
    public boolean wants(PartHead part) {
      return ++parts % 3 == 0;
    }

    @Override
    public boolean passes(PartHead part) {
      return parts % 3 == 1;
    }

    @Override
    public void content(String text, long from, long to) {
      seen.add(text + " from " + from + " to " + to);
    }

    @Override
    public void tooLong(String begin) {
      seen.add("too long");
    }

    @Override
    public void piece(byte[] bytes, int from, int to) {
      passed.write(bytes, from, to - from);
    }
  }

  @Test
  void piecesChangeNothing() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int understood = 0;
    for (int n = 0; n < FORMS; n++) {
      byte[] form = form(random).getBytes(ISO_8859_1);
      List<String> byBytes = Reading.of(form, new int[] {1});
      int[] lengths = random.ints(5, 1, 40).toArray();

      assertThat(Reading.of(form, lengths)).as("seed %d, form %d", seed, n).isEqualTo(byBytes);
      assertThat(Reading.of(form, new int[] {form.length})).isEqualTo(byBytes);
      understood += byBytes.equals(List.of("malformed")) ? 0 : 1;
    }
    assertThat(understood).isBetween(FORMS / 5, FORMS * 4 / 5);
  }

  private static String form(Random random) {
    StringBuilder form = new StringBuilder("--" + BOUNDARY);
    int parts = 1 + random.nextInt(4);
    for (int part = 0; part < parts; part++) {
      form.append("\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n");
      int words = random.nextInt(12);
      for (int word = 0; word < words; word++) {
        form.append(WORDS[random.nextInt(WORDS.length)]);
      }
      form.append("\r\n--").append(BOUNDARY);
      if (random.nextInt(12) == 0) {
        form.append('x');
      }
    }
    return form.append("--").toString();
  }

  @Test
  void aFormHasAtMostAThousandParts() {
    String part = "\r\nContent-Disposition: form-data; name=\"a[b]\"\r\n\r\nx\r\n--" + BOUNDARY;
    byte[] most = ("--" + BOUNDARY + part.repeat(1_000) + "--").getBytes(ISO_8859_1);
    assertThat(Reading.of(most, new int[] {65_536})).doesNotContain("malformed");
    byte[] more = ("--" + BOUNDARY + part.repeat(1_001) + "--").getBytes(ISO_8859_1);
    assertThatExceptionOfType(CallRefused.class)
        .isThrownBy(() -> Reading.of(more, new int[] {65_536}))
        .satisfies(e -> assertThat(e.error().message()).contains("1,000 parts"));
  }

  @Test
  void aLongContentIsPassedOnWhole() {
    String content = "0123456789-abcdef\r\n".repeat(10_000);
    String form =
        "--%s\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n%s\r\n--%s--"
            .formatted(BOUNDARY, content, BOUNDARY);

    List<String> seen = Reading.of(form.getBytes(ISO_8859_1), new int[] {65_536});

    assertThat(seen).singleElement().asString().startsWith(content);
  }
}

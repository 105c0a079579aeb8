package io.claviger.gateway.redact;

import static io.claviger.gateway.redact.Redactions.bytes;
import static io.claviger.gateway.redact.Redactions.redacted;
import static io.claviger.gateway.redact.Redactions.redactor;
import static io.claviger.gateway.redact.Redactions.released;
import static io.claviger.gateway.redact.Redactions.split;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What redaction promises, for random texts, secrets and splits. */
class RandomRedactionTest {
  private static final int ROUNDS = Integer.getInteger("test.seeds", 50) * 100;

  @Test
  void in_an_error_no_secret_remains_however_it_is_escaped_and_split() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      boolean plain = random.nextBoolean();
      String key = visible(random, 8 + random.nextInt(60), plain);
      Escaping form = Escaping.values()[random.nextInt(plain ? Escaping.values().length : 3)];
      StringBuilder text = new StringBuilder();
      StringBuilder expected = new StringBuilder();
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        String piece = form.of(random, key);
        text.append(piece).append('\u007f');
        expected.append("*".repeat(piece.length())).append('\u007f');
      }
      List<Integer> cuts =
          random.ints(random.nextInt(12), 0, text.length() + 1).sorted().boxed().toList();
      String out = split(redactor(true, key), text.toString(), cuts);

      assertThat(out)
          .as("seed %d, round %d: %s in %s", seed, round, key, text)
          .isEqualTo(expected.toString());
    }
  }

  /** Ways to write the characters of a text. Only the first three can write any character. */
  private enum Escaping {
    NONE {
      @Override
      String of(Random random, char c) {
        return String.valueOf(c);
      }
    },
    JSON {
      @Override
      String of(Random random, char c) {
        boolean must = c == '"' || c == '\\';
        return switch (random.nextInt(4)) {
          case 0 -> String.format("\\u%04x", (int) c);
          case 1 -> String.format("\\u%04X", (int) c);
          default -> must || (c == '/' && random.nextBoolean()) ? "\\" + c : String.valueOf(c);
        };
      }
    },
    PERCENT {
      @Override
      String of(Random random, char c) {
        boolean may = c != '%' && random.nextBoolean();
        return may
            ? String.valueOf(c)
            : String.format(random.nextBoolean() ? "%%%02x" : "%%%02X", (int) c);
      }
    },
    JSON_IN_JSON {
      @Override
      String of(Random random, char c) {
        return switch (random.nextInt(3)) {
          case 0 -> String.format("\\\\u%04x", (int) c);
          case 1 -> c == '/' ? "\\\\\\/" : String.valueOf(c);
          default -> String.valueOf(c);
        };
      }
    },
    HTML {
      @Override
      String of(Random random, char c) {
        return switch (random.nextInt(4)) {
          case 0 -> "&#" + (int) c + ";";
          case 1 -> String.format("&#x%x;", (int) c);
          case 2 -> c == '/' ? "&sol;" : String.format("&#X%04X;", (int) c);
          default -> String.valueOf(c);
        };
      }
    },
    ALL {
      @Override
      String of(Random random, char c) {
        return values()[random.nextInt(ordinal())].of(random, c);
      }
    };

    abstract String of(Random random, char c);

    String of(Random random, String text) {
      StringBuilder out = new StringBuilder();
      text.chars().forEach(c -> out.append(of(random, (char) c)));
      return out.toString();
    }
  }

  /**
   * @param plain without characters that escapes begin with
   */
  private static String visible(Random random, int length, boolean plain) {
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      char c = (char) ('!' + random.nextInt(94));
      if (!plain || "\\%&\"".indexOf(c) < 0) {
        text.append(c);
      }
    }
    return text.toString();
  }

  @Test
  void however_a_text_is_split_the_outcome_is_the_same() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      List<String> secrets = secrets(random);
      boolean error = random.nextInt(4) == 0;
      String text = text(random, secrets);
      String whole = split(redactor(error, secrets.toArray(String[]::new)), text, List.of());
      List<Integer> cuts =
          random.ints(random.nextInt(9), 0, text.length() + 1).sorted().boxed().toList();
      String pieces = split(redactor(error, secrets.toArray(String[]::new)), text, cuts);

      assertThat(pieces)
          .as("seed %d, round %d: %s in %s", seed, round, secrets, text)
          .isEqualTo(whole);
      assertThat(whole).as("seed %d, round %d", seed, round).hasSameSizeAs(text);
      for (String secret : secrets) {
        assertThat(whole).as("seed %d, round %d", seed, round).doesNotContain(secret);
      }
    }
  }

  @Test
  void only_what_was_an_occurrence_is_changed() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      List<String> secrets = secrets(random);
      String text = text(random, secrets);
      String expected = naive(text, secrets);

      assertThat(redacted(text, secrets.toArray(String[]::new)))
          .as("seed %d, round %d: %s", seed, round, secrets)
          .isEqualTo(expected);
    }
  }

  /** One search for all secrets finds what a search for each secret finds. */
  @Test
  void many_secrets_with_common_parts_are_found_like_each_of_them_alone() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      List<String> secrets = relatedSecrets(random);
      String text = text(random, secrets);
      List<Integer> cuts =
          random.ints(random.nextInt(30), 0, text.length() + 1).sorted().boxed().toList();
      boolean error = random.nextInt(4) == 0;
      String expected = error ? eachAlone(text, secrets) : naive(text, secrets);

      assertThat(split(redactor(error, secrets.toArray(String[]::new)), text, cuts))
          .as("seed %d, round %d: %s in %s, cut at %s", seed, round, secrets, text, cuts)
          .isEqualTo(expected);
    }
  }

  private static String eachAlone(String text, List<String> secrets) {
    StringBuilder out = new StringBuilder(text);
    for (String secret : secrets) {
      String alone = split(redactor(true, secret), text, List.of());
      for (int at = alone.indexOf('*'); at >= 0; at = alone.indexOf('*', at + 1)) {
        out.setCharAt(at, '*');
      }
    }
    return out.toString();
  }

  /** Secrets that begin with, end with, contain or equal parts of others. */
  private static List<String> relatedSecrets(Random random) {
    List<String> secrets = new ArrayList<>(secrets(random));
    for (int more = random.nextInt(62); more > 0; more--) {
      String one = secrets.get(random.nextInt(secrets.size()));
      String other = secrets.get(random.nextInt(secrets.size()));
      String start = one.substring(0, random.nextInt(Math.min(one.length(), 12)));
      String made = start + other.substring(random.nextInt(other.length()));
      secrets.add(made.length() < 60 ? made : made.substring(random.nextInt(50)));
    }
    return secrets;
  }

  @Test
  void held_back_is_always_less_than_the_longest_form_of_a_secret() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      String secret = secrets(random).get(0);
      String text = text(random, List.of(secret));
      Redactor redactor = redactor(false, secret);
      int out = 0;
      for (int i = 0; i < text.length(); i++) {
        out += released(redactor.pass(bytes(text.substring(i, i + 1)))).length();
        assertThat(i + 1 - out).as("seed %d", seed).isLessThan(secret.length() * 6);
      }
    }
  }

  /** Small alphabets, so that partial matches, overlaps and repetitions abound. */
  private static List<String> secrets(Random random) {
    List<String> secrets = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      StringBuilder secret = new StringBuilder();
      for (int n = 8 + random.nextInt(6); n > 0; n--) {
        secret.append("ab/\\\"%u0".charAt(random.nextInt(random.nextBoolean() ? 2 : 8)));
      }
      secrets.add(secret.toString());
    }
    return secrets;
  }

  private static String text(Random random, List<String> secrets) {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(12); n > 0; n--) {
      String secret = secrets.get(random.nextInt(secrets.size()));
      switch (random.nextInt(6)) {
        case 0 -> text.append(secret);
        case 1 -> text.append(secret, 0, random.nextInt(secret.length()));
        case 2 -> text.append(escaped(random, secret));
        case 3 -> text.append("ab/\\\"%u0z ".charAt(random.nextInt(10)));
        case 4 -> text.append(aroundGap(random));
        default -> text.append(escaped(random, secret), 0, random.nextInt(secret.length()));
      }
    }
    return text.toString();
  }

  /** What shortens a key, and any byte after it. */
  private static String aroundGap(Random random) {
    String gap = List.of("***", "...", "\u00e2\u0080\u00a6", "\\u2026").get(random.nextInt(4));
    return gap + (random.nextBoolean() ? '\u007f' : (char) random.nextInt(256));
  }

  private static String escaped(Random random, String secret) {
    StringBuilder form = new StringBuilder();
    for (int i = 0; i < secret.length(); i++) {
      char c = secret.charAt(i);
      if (random.nextInt(3) == 0) {
        form.append(String.format("\\u%04x", (int) c));
      } else if (c == '"' || c == '\\' || (c == '/' && random.nextBoolean())) {
        form.append('\\').append(c);
      } else {
        form.append(c);
      }
    }
    return form.toString();
  }

  /** The rule itself, without streaming: each form is looked for in the whole text. */
  private static String naive(String text, List<String> secrets) {
    boolean[] blotted = new boolean[text.length()];
    for (String secret : secrets) {
      for (int at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1)) {
        mark(blotted, at, at + secret.length());
      }
      for (boolean json : new boolean[] {true, false}) {
        decoded(text, json).find(secret, blotted);
      }
    }
    StringBuilder out = new StringBuilder(text);
    for (int i = 0; i < blotted.length; i++) {
      if (blotted[i]) {
        out.setCharAt(i, '*');
      }
    }
    return out.toString();
  }

  private static void mark(boolean[] blotted, int from, int to) {
    for (int i = from; i < to; i++) {
      blotted[i] = true;
    }
  }

  /** Characters with the places they took; what is no escape stands for nothing that matches. */
  private record Decoded(StringBuilder characters, List<Integer> starts) {
    void find(String secret, boolean[] blotted) {
      for (int at = characters.indexOf(secret); at >= 0; at = characters.indexOf(secret, at + 1)) {
        mark(blotted, starts.get(at), starts.get(at + secret.length()));
      }
    }

    void add(char c, int start) {
      characters.append(c);
      starts.add(start);
    }
  }

  private static Decoded decoded(String text, boolean json) {
    Decoded decoded = new Decoded(new StringBuilder(), new ArrayList<>());
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      int lead = json ? 2 : 1;
      int digits = json ? 4 : 2;
      if (c != (json ? '\\' : '%')) {
        decoded.add(c, at++);
      } else if (json && at + 1 < text.length() && text.charAt(at + 1) != 'u') {
        char next = text.charAt(at + 1);
        decoded.add("/\"\\".indexOf(next) >= 0 ? next : '\uffff', at);
        at += 2;
      } else {
        int from = Math.min(at + lead, text.length());
        int to = from;
        while (to < text.length()
            && to < from + digits
            && Character.digit(text.charAt(to), 16) >= 0) {
          to++;
        }
        boolean whole = to == from + digits;
        decoded.add(whole ? (char) Integer.parseInt(text.substring(from, to), 16) : '\uffff', at);
        at = to;
      }
    }
    decoded.starts().add(text.length());
    return decoded;
  }
}

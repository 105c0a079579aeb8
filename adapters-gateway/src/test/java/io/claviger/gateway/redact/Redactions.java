package io.claviger.gateway.redact;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;

/** Redacts texts, whole or in parts, for the tests. */
final class Redactions {
  private Redactions() {}

  /** Redacts an answer that is no error, however it is cut in two. */
  static String redacted(String text, String... secrets) {
    return however(false, text, secrets);
  }

  /** Redacts an error, however it is cut in two. */
  static String inError(String text, String... secrets) {
    return however(true, text, secrets);
  }

  private static String however(boolean error, String text, String... secrets) {
    String whole = split(redactor(error, secrets), text, List.of());
    for (int cut = 1; cut < text.length(); cut++) {
      assertThat(split(redactor(error, secrets), text, List.of(cut))).isEqualTo(whole);
    }
    return whole;
  }

  static Redactor redactor(boolean error, String... secrets) {
    Redactor redactor = new Redactor(error);
    for (String secret : secrets) {
      redactor.add(secret.getBytes(US_ASCII));
    }
    return redactor;
  }

  static String split(Redactor redactor, String text, List<Integer> cuts) {
    StringBuilder out = new StringBuilder();
    int from = 0;
    for (int cut : cuts) {
      out.append(released(redactor.pass(bytes(text.substring(from, cut)))));
      from = cut;
    }
    out.append(released(redactor.pass(bytes(text.substring(from)))));
    out.append(released(redactor.end()));
    redactor.close();
    return out.toString();
  }

  static ByteBuf bytes(String text) {
    return Unpooled.wrappedBuffer(text.getBytes(ISO_8859_1));
  }

  static String released(ByteBuf bytes) {
    String text = bytes.toString(ISO_8859_1);
    bytes.release();
    return text;
  }
}

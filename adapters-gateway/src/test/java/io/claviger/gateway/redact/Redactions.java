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

  static String redacted(String text, String... secrets) {
    return split(redactor(false, secrets), text, List.of());
  }

  static String edges(String text, String secret) {
    String whole = split(redactor(true, secret), text, List.of());
    for (int cut = 1; cut < text.length(); cut++) {
      assertThat(split(redactor(true, secret), text, List.of(cut))).isEqualTo(whole);
    }
    return whole;
  }

  static Redactor redactor(boolean edges, String... secrets) {
    Redactor redactor = new Redactor();
    for (String secret : secrets) {
      if (edges) {
        redactor.addToError(secret.getBytes(US_ASCII), true);
      } else {
        redactor.add(secret.getBytes(US_ASCII));
      }
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

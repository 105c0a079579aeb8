package io.claviger.gateway.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.claviger.domain.keys.Secret;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.AsciiString;
import org.junit.jupiter.api.Test;

class HeadWriterTest {
  @Test
  void a_head_has_the_bytes_that_were_written() {
    HeadWriter head = new HeadWriter(Unpooled.buffer());
    head.text("GET / HTTP/1.1").endLine();
    head.header(AsciiString.cached("host"), "example.org");
    head.header("X-Key", Secret.apiKey("sk-12345".getBytes(US_ASCII)));
    int known = head.length();
    head.bytes("a: b\r\n".getBytes(US_ASCII)).text("c: ").write('d');
    assertThat(head.copyFrom(known)).asString(US_ASCII).isEqualTo("a: b\r\nc: d");
    assertThat(text(head.endLine().endLine()))
        .isEqualTo(
            "GET / HTTP/1.1\r\nhost: example.org\r\nX-Key: sk-12345\r\na: b\r\nc: d\r\n\r\n");
  }

  /** Cut to their last eight bits, the last two would end the line. */
  @Test
  void characters_beyond_one_byte_never_become_others() {
    HeadWriter head = new HeadWriter(Unpooled.buffer());
    assertThat(text(head.text("a\u007f\u00ff\u0100\u010d\u010a"))).isEqualTo("a\u007f\u00ff???");
  }

  @Test
  void a_head_may_be_longer_than_usual() {
    HeadWriter head = new HeadWriter(Unpooled.buffer());
    String value = "v".repeat(5_000);
    for (int i = 0; i < 4; i++) {
      head.header("n" + i, value);
    }
    assertThat(text(head))
        .isEqualTo("n0: %1$s\r\nn1: %1$s\r\nn2: %1$s\r\nn3: %1$s\r\n".formatted(value));
  }

  @Test
  void two_heads_of_one_thread_have_nothing_in_common() {
    HeadWriter first = new HeadWriter(Unpooled.buffer());
    HeadWriter second = new HeadWriter(Unpooled.buffer());
    first.text("first");
    second.text("second head");
    assertThat(text(first)).isEqualTo("first");
    HeadWriter third = new HeadWriter(Unpooled.buffer()).text("third");
    assertThat(text(second)).isEqualTo("second head");
    assertThat(text(third)).isEqualTo("third");
  }

  @Test
  void nothing_is_written_behind_the_end() {
    HeadWriter head = new HeadWriter(Unpooled.buffer()).text("a");
    assertThat(text(head)).isEqualTo("a");
    assertThatIllegalStateException().isThrownBy(() -> head.text("b"));
  }

  private static String text(HeadWriter head) {
    ByteBuf whole = head.buffer();
    return whole.toString(ISO_8859_1);
  }
}

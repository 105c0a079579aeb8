package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BodyEditsTest {
  private static final String BODY = "0123456789";
  private static final BodyEdits EDITS =
      BodyEdits.of(10, 0, "end")
          .and(BodyEdits.of(3, 4, "é"))
          .and(BodyEdits.of(0, 0, "start"))
          .and(BodyEdits.of(7, 1, ""));

  @Test
  void a_body_is_edited_however_it_is_split() {
    for (int first = 0; first <= BODY.length(); first++) {
      for (int second = first; second <= BODY.length(); second++) {
        List<ByteBuf> body = split(first, second);

        List<ByteBuf> edited = EDITS.apply(body);

        assertThat(text(edited)).isEqualTo("start012é89end");
        edited.forEach(ByteBuf::release);
        assertThat(body).allMatch(part -> part.refCnt() == 0 || part.capacity() == 0);
      }
    }
  }

  @Test
  void a_body_with_many_edits_is_copied_wherever_its_segments_end() {
    StringBuilder body = new StringBuilder("x".repeat(200_000));
    List<BodyEdits.Edit> edits = new ArrayList<>();
    for (int at = 0; at <= body.length(); at += 1_000) {
      edits.add(
          new BodyEdits.Edit(at, at % 3_000 == 0 ? Math.min(900, body.length() - at) : 0, "é"));
    }
    for (int segment : new int[] {1_000, 4_096, 7_001, 200_000}) {
      List<ByteBuf> parts = new ArrayList<>();
      for (int at = 0; at < body.length(); at += segment) {
        parts.add(
            Unpooled.copiedBuffer(
                body.substring(at, Math.min(body.length(), at + segment)), UTF_8));
      }
      parts.add(1, Unpooled.buffer(0));

      List<ByteBuf> edited = BodyEdits.of(edits).apply(parts);

      StringBuilder expected = new StringBuilder(body);
      for (BodyEdits.Edit edit : edits.reversed()) {
        int at = (int) edit.position();
        expected.replace(at, at + (int) edit.removed(), edit.inserted());
      }
      assertThat(Unpooled.wrappedBuffer(edited.toArray(ByteBuf[]::new)).toString(UTF_8))
          .isEqualTo(expected.toString());
      assertThat(edited).allMatch(ByteBuf::release);
      assertThat(parts).allMatch(part -> part.refCnt() == 0 || part.capacity() == 0);
    }
  }

  @Test
  void the_length_changes_by_what_is_inserted_and_removed() {
    assertThat(EDITS.lengthChange()).isEqualTo("start012é89end".getBytes(UTF_8).length - 10);
    assertThat(BodyEdits.NONE.lengthChange()).isZero();
  }

  @Test
  void without_edits_the_body_stays_the_same() {
    List<ByteBuf> body = split(2, 5);

    assertThat(BodyEdits.NONE.apply(body)).isSameAs(body);
    body.forEach(ByteBuf::release);
  }

  @Test
  void edits_of_two_readers_are_joined() {
    BodyEdits both = BodyEdits.of(9, 1, "b").and(BodyEdits.of(0, 1, "a"));

    List<ByteBuf> edited = both.apply(split(1, 2));
    assertThat(text(edited)).isEqualTo("a12345678b");
    edited.forEach(ByteBuf::release);
  }

  @Test
  void a_text_is_inserted_before_what_is_removed_at_the_same_position() {
    BodyEdits insertion = BodyEdits.of(3, 0, "a");
    BodyEdits removal = BodyEdits.of(3, 4, "");

    for (BodyEdits both : List.of(insertion.and(removal), removal.and(insertion))) {
      List<ByteBuf> edited = both.apply(split(1, 2));
      assertThat(text(edited)).isEqualTo("012a789");
      edited.forEach(ByteBuf::release);
    }
  }

  @Test
  void edits_that_overlap_are_refused() {
    BodyEdits edit = BodyEdits.of(3, 4, "");

    assertThatThrownBy(() -> edit.and(BodyEdits.of(6, 1, "")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> edit.and(BodyEdits.of(1, 3, "")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(edit.and(BodyEdits.of(7, 1, "")).and(BodyEdits.of(2, 1, "")).isEmpty()).isFalse();
  }

  private static List<ByteBuf> split(int first, int second) {
    List<ByteBuf> parts = new ArrayList<>();
    for (String part :
        List.of(BODY.substring(0, first), BODY.substring(first, second), BODY.substring(second))) {
      parts.add(Unpooled.copiedBuffer(part, UTF_8));
    }
    return parts;
  }

  private static String text(List<ByteBuf> parts) {
    StringBuilder text = new StringBuilder();
    parts.forEach(part -> text.append(part.toString(UTF_8)));
    return text.toString();
  }
}

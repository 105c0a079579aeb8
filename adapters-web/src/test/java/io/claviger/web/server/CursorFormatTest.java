package io.claviger.web.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.InvalidValue;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Positions in lists. Anybody can write one, so it is one that the database can compare. */
class CursorFormatTest {
  private static final UUID ID = new UUID(7, 8);

  @Test
  void a_position_is_read_as_it_was_written() {
    for (String time : List.of("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z")) {
      TimeCursor at = new TimeCursor(Instant.parse(time), ID);
      assertThat(CursorFormat.TIME.read().apply(CursorFormat.TIME.write().apply(at))).isEqualTo(at);
    }
    String price = "openai 2026-01-01 gpt-5 nano";
    assertThat(CursorFormat.PRICE.write().apply(CursorFormat.PRICE.read().apply(price)))
        .isEqualTo(price);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+10000-01-01T00:00:00Z",
        "+1000000000-12-31T23:59:59.999999999Z",
        "-1000000000-01-01T00:00:00Z",
        "0000-12-31T23:59:59Z"
      })
  void a_time_that_no_row_can_have_is_no_position(String time) {
    assertNoPosition(CursorFormat.TIME, time + " " + ID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"+999999999-12-31", "-999999999-01-01", "+10000-01-01"})
  void a_day_that_no_row_can_have_is_no_position(String day) {
    assertNoPosition(CursorFormat.PRICE, "openai " + day + " gpt-5");
  }

  @Test
  void a_text_that_no_row_can_have_is_no_position() {
    assertNoPosition(CursorFormat.PRICE, "openai 2026-01-01 gpt\0");
    assertNoPosition(CursorFormat.texts(2, at -> at), "a\nb\0");
  }

  private static void assertNoPosition(CursorFormat<?> format, String text) {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> format.read().apply(text))
        .withMessageContaining("cursor");
  }
}

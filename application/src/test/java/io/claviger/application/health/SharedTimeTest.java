package io.claviger.application.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SharedTimeTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "PT0S, PT0S",
    "PT0.999S, PT0S",
    "PT1S, PT1S",
    "PT-10M, PT-10M",
    "PT1H, PT1H",
    "PT-1H, PT-1H",
    "PT1H0.001S, PT0S",
    "P-365D, PT0S"
  })
  void a_node_follows_a_clock_that_is_a_second_to_an_hour_away(Duration offset, Duration followed) {
    SharedTime time = new SharedTime(() -> NOON);
    time.learn(Duration.ofMinutes(5));

    time.learn(offset);

    assertThat(time.instant()).isEqualTo(NOON.plus(followed));
  }

  @ParameterizedTest
  @CsvSource({
    "PT30.001S, 30 seconds ahead of this node's; the node follows the database's clock",
    "PT-50M, 3000 seconds behind this node's; the node follows the database's clock",
    "PT1H, 3600 seconds ahead of this node's; the node follows the database's clock",
    "PT1H0.001S, 3600 seconds ahead of this node's; the node decides by its own clock",
    "PT-2H, 7200 seconds behind this node's; the node decides by its own clock"
  })
  void a_node_says_once_how_far_and_in_which_direction_the_clocks_differ(
      Duration offset, String said) {
    SharedTime time = new SharedTime(() -> NOON);

    assertThat(time.learn(offset))
        .hasValueSatisfying(
            notice -> {
              assertThat(notice.text()).contains(said);
              assertThat(notice.isWarning()).isTrue();
            });
    assertThat(time.learn(offset)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"PT0S", "PT30S", "PT-30S"})
  void a_node_says_nothing_of_clocks_that_hardly_differ(Duration offset) {
    assertThat(new SharedTime(() -> NOON).learn(offset)).isEmpty();
  }

  @Test
  void a_node_says_when_it_decides_by_another_clock_and_when_the_clocks_agree_again() {
    SharedTime time = new SharedTime(() -> NOON);
    time.learn(Duration.ofHours(2));

    assertThat(text(time, "PT50M")).contains("the database's clock");
    assertThat(text(time, "P2D")).contains("by its own clock");
    assertThat(time.learn(Duration.ofMillis(3)))
        .contains(
            new SharedTime.Notice(
                "the clocks of this node and of the database differ by at most 30 seconds again",
                false));
    assertThat(time.learn(Duration.ofMillis(-3))).isEmpty();
  }

  @Test
  void a_difference_that_varies_around_a_limit_is_told_once_and_the_node_stays_with_one_clock() {
    SharedTime time = new SharedTime(() -> NOON);
    assertThat(text(time, "PT31S")).contains("31 seconds ahead");
    for (String offset : List.of("PT29S", "PT-31S", "PT20.001S", "PT45S")) {
      assertThat(text(time, offset)).as(offset).isEmpty();
    }
    assertThat(text(time, "PT-20S")).contains("at most 30 seconds");
    assertThat(text(time, "PT29S")).isEmpty();

    assertThat(text(time, "PT1H1S")).contains("3601 seconds ahead", "by its own clock");
    for (String offset : List.of("PT59M59S", "PT1H1S", "PT59M50.001S")) {
      assertThat(text(time, offset)).as(offset).isEmpty();
      assertThat(time.instant()).isEqualTo(NOON);
    }
    assertThat(text(time, "PT59M50S")).contains("follows the database's clock");
    assertThat(time.instant()).isEqualTo(NOON.plus(Duration.parse("PT59M50S")));
  }

  @Test
  void after_a_large_difference_has_ended_the_margin_of_the_smaller_limit_does_not_count() {
    SharedTime time = new SharedTime(() -> NOON);
    assertThat(text(time, "PT2H")).contains("by its own clock");

    assertThat(time.learn(Duration.ofSeconds(25)))
        .hasValueSatisfying(
            notice -> {
              assertThat(notice.text()).contains("at most 30 seconds");
              assertThat(notice.isWarning()).isFalse();
            });
    assertThat(time.instant()).isEqualTo(NOON.plusSeconds(25));
  }

  private static String text(SharedTime time, String offset) {
    return time.learn(Duration.parse(offset)).map(SharedTime.Notice::text).orElse("");
  }
}
